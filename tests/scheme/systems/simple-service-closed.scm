;; A simple service that extends what cannot be extended.
;; error:
;;| fruix::eval::inconsistent
;;|   × the service `mine` extends `openssh`, which cannot be extended
;;|     ╭─[systems/simple-service-closed.scm:24:31]
;;|  23 │                     (file-systems (list (file-system (label "root") (mount-point "/"))))
;;|  24 │                     (services (append services %base-services))))
;;|     ·                               ────────────────┬───────────────
;;|     ·                                               ╰── here
;;|  25 │
;;|     ╰────
;;|   help: give the extended service type an `extend` procedure

(use-modules (fruix system) (fruix file-systems) (fruix services) (fruix services base) (fruix services ssh) (fruix store)
             (fruix freebsd base))

(define base
  (freebsd-base (version "13.2") (world (installed-freebsd (path "/"))) (kernel (installed-freebsd (path "/")))))

(define (system . services)
  (operating-system (host-name "tower")
                    (base base)
                    (file-systems (list (file-system (label "root") (mount-point "/"))))
                    (services (append services %base-services))))

(system (simple-service 'mine openssh-service-type 5))
