;; Two simple services of one name.
;; search: systems/lib
;; error:
;;| fruix::eval::inconsistent
;;|   × there are two services of the type `mine`
;;|     ╭─[systems/simple-service-twice.scm:21:31]
;;|  20 │                     (file-systems (list (file-system (label "root") (mount-point "/"))))
;;|  21 │                     (services (append services %base-services))))
;;|     ·                               ────────────────┬───────────────
;;|     ·                                               ╰── here
;;|  22 │
;;|     ╰────
;;|   help: remove one, or use `modify-service` to change the value of the other

(use-modules (fruix system) (fruix file-systems) (fruix services) (fruix services base) (tower))

(define (system . services)
  (operating-system (host-name "tower")
                    (base base)
                    (file-systems (list (file-system (label "root") (mount-point "/"))))
                    (services (append services %base-services))))

(system (simple-service 'mine etc-service-type (list (etc-file (path "a") (content "x"))))
        (simple-service 'mine etc-service-type (list (etc-file (path "b") (content "x")))))
