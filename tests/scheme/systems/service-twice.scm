;; One service declared twice.
;; search: systems/lib
;; error:
;;| fruix::eval::inconsistent
;;|   × there are two services of the type `openssh`
;;|     ╭─[systems/service-twice.scm:20:13]
;;|  19 │  (file-systems (list root))
;;|  20 │  (services (list (service openssh-service-type) (service openssh-service-type))))
;;|     ·             ────────────────────────────────┬────────────────────────────────
;;|     ·                                             ╰── here
;;|     ╰────
;;|   help: remove one, or use `modify-service` to change the value of the other

(use-modules (fruix system) (fruix services) (fruix services ssh) (tower))

(operating-system
 (host-name "tower")
 (base base)
 (file-systems (list root))
 (services (list (service openssh-service-type) (service openssh-service-type))))
