;; Two simple services of one name.
;; error:
;;| fruix::eval::inconsistent
;;|   × there are two services of the type `mine`
;;|     ╭─[systems/simple-service-twice.scm:24:31]
;;|  23 │                     (file-systems (list (file-system (label "root") (mount-point "/"))))
;;|  24 │                     (services (append services %base-services))))
;;|     ·                               ────────────────┬───────────────
;;|     ·                                               ╰── here
;;|  25 │
;;|     ╰────
;;|   help: remove one, or use `modify-service` to change the value of the other

(use-modules (fruix system) (fruix file-systems) (fruix services) (fruix services base) (fruix services ssh) (fruix store)
             (fruix freebsd base))

(define base
  (freebsd-base (version "13.2") (world (installed-freebsd (path "/"))) (kernel (installed-freebsd (path "/")))))

(define (system . services)
  (operating-system (host-name "tower")
                    (base base)
                    (file-systems (list (file-system (label "root") (mount-point "/"))))
                    (services (append services %base-services))))

(system (simple-service 'mine etc-service-type (list (etc-file (path "a") (content "x"))))
        (simple-service 'mine etc-service-type (list (etc-file (path "b") (content "x")))))
