;; Name for string.
;; error:
;;| fruix::eval::unbound-name
;;|   × `UTC` is not defined
;;|     ╭─[records/name-for-string.scm:26:12]
;;|  25 │  (file-systems (list (file-system (label "root") (mount-point "/"))))
;;|  26 │  (timezone UTC))
;;|     ·            ─┬─
;;|     ·             ╰── not known here
;;|     ╰────
;;|   help: for a string, write "UTC"; for a symbol, 'UTC

(use-modules (fruix system) (fruix accounts) (fruix file-systems) (fruix services) (fruix services base)
             (fruix services networking) (fruix services ssh) (fruix freebsd base) (fruix freebsd source)
             (fruix freebsd world) (fruix freebsd kernel) (fruix store))

(define base
  (freebsd-base (version "13.2")
                (world (installed-freebsd (path "/")))
                (kernel (installed-freebsd (path "/")))))

(operating-system
 (host-name "tower")
 (base base)
 (file-systems (list (file-system (label "root") (mount-point "/"))))
 (timezone UTC))
