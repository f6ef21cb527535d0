;; A simple service that extends what cannot be extended.
;; search: systems/lib
;; error:
;;| fruix::eval::inconsistent
;;|   × the service `mine` extends `openssh`, which cannot be extended
;;|     ╭─[systems/simple-service-closed.scm:22:31]
;;|  21 │                     (file-systems (list (file-system (label "root") (mount-point "/"))))
;;|  22 │                     (services (append services %base-services))))
;;|     ·                               ────────────────┬───────────────
;;|     ·                                               ╰── here
;;|  23 │
;;|     ╰────
;;|   help: give the extended service type an `extend` procedure

(use-modules (fruix system) (fruix file-systems) (fruix services) (fruix services base)
             (fruix services ssh) (tower))

(define (system . services)
  (operating-system (host-name "tower")
                    (base base)
                    (file-systems (list (file-system (label "root") (mount-point "/"))))
                    (services (append services %base-services))))

(system (simple-service 'mine openssh-service-type 5))
