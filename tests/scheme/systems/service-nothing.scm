;; Service nothing.
;; error:
;;| fruix::eval::wrong-arguments
;;|   × `service` expected at least 1 argument, found 0
;;|     ╭─[systems/service-nothing.scm:25:18]
;;|  24 │  (file-systems (list (file-system (label "root") (mount-point "/"))))
;;|  25 │  (services (list (service))))
;;|     ·                  ────┬────
;;|     ·                      ╰── in this call
;;|     ╰────

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
 (services (list (service))))
