;; One service declared twice.
;; error:
;;| fruix::eval::inconsistent
;;|   × there are two services of the type `openssh`
;;|     ╭─[systems/service-twice.scm:27:13]
;;|  26 │  (file-systems (list root))
;;|  27 │  (services (list (service openssh-service-type) (service openssh-service-type))))
;;|     ·             ────────────────────────────────┬────────────────────────────────
;;|     ·                                             ╰── here
;;|     ╰────
;;|   help: remove one, or use `modify-service` to change the value of the other

(use-modules (fruix system) (fruix accounts) (fruix file-systems) (fruix services) (fruix services base)
             (fruix services networking) (fruix services ssh) (fruix freebsd base) (fruix freebsd source)
             (fruix freebsd world) (fruix freebsd kernel))

(define base
  (freebsd-base (version "13.2") (world (installed-freebsd (path "/"))) (kernel (installed-freebsd (path "/")))))

(define root
  (file-system (label "root") (mount-point "/")))

(operating-system
 (host-name "tower")
 (base base)
 (file-systems (list root))
 (services (list (service openssh-service-type) (service openssh-service-type))))
