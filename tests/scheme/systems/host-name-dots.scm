;; Host name dots.
;; error:
;;| fruix::eval::invalid-field
;;|   × the field `host-name` of `operating-system` is invalid
;;|     ╭─[systems/host-name-dots.scm:23:13]
;;|  22 │ (operating-system
;;|  23 │  (host-name "a..b")
;;|     ·             ───┬──
;;|     ·                ╰── a host name is made of letters, digits, `-` and `.`, and begins and ends with a letter or digit
;;|  24 │  (base base)
;;|     ╰────

(use-modules (fruix system) (fruix accounts) (fruix file-systems) (fruix services) (fruix services base)
             (fruix services networking) (fruix services ssh) (fruix freebsd base) (fruix freebsd source)
             (fruix freebsd world) (fruix freebsd kernel) (fruix store))

(define base
  (freebsd-base (version "13.2")
                (world (installed-freebsd (path "/")))
                (kernel (installed-freebsd (path "/")))))

(operating-system
 (host-name "a..b")
 (base base)
 (file-systems (list (file-system (label "root") (mount-point "/")))))
