;; A time zone that is a path.
;; error:
;;| fruix::eval::invalid-field
;;|   × the field `timezone` of `operating-system` is invalid
;;|     ╭─[systems/timezone.scm:22:49]
;;|  21 │
;;|  22 │ (operating-system (host-name "tower") (timezone "/etc/localtime") (base base) (file-systems (list root)))
;;|     ·                                                 ────────┬───────
;;|     ·                                                         ╰── expected a name of the time zone database, such as "Europe/Zurich", or "UTC"
;;|     ╰────

(use-modules (fruix system) (fruix accounts) (fruix file-systems) (fruix services) (fruix services base)
             (fruix services networking) (fruix services ssh) (fruix freebsd base) (fruix freebsd source)
             (fruix freebsd world) (fruix freebsd kernel))

(define base
  (freebsd-base (version "13.2") (world (installed-freebsd (path "/"))) (kernel (installed-freebsd (path "/")))))

(define root
  (file-system (label "root") (mount-point "/")))

(operating-system (host-name "tower") (timezone "/etc/localtime") (base base) (file-systems (list root)))
