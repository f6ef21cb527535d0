;; A name that no host can have.
;; error:
;;| fruix::eval::invalid-field
;;|   × the field `host-name` of `operating-system` is invalid
;;|     ╭─[systems/host-name.scm:22:30]
;;|  21 │
;;|  22 │ (operating-system (host-name "my tower") (base base) (file-systems (list root)))
;;|     ·                              ─────┬────
;;|     ·                                   ╰── a host name is made of letters, digits, `-` and `.`, and begins and ends with a letter or digit
;;|     ╰────

(use-modules (fruix system) (fruix accounts) (fruix file-systems) (fruix services) (fruix services base)
             (fruix services networking) (fruix services ssh) (fruix freebsd base) (fruix freebsd source)
             (fruix freebsd world) (fruix freebsd kernel))

(define base
  (freebsd-base (version "13.2") (world (installed-freebsd (path "/"))) (kernel (installed-freebsd (path "/")))))

(define root
  (file-system (label "root") (mount-point "/")))

(operating-system (host-name "my tower") (base base) (file-systems (list root)))
