;; What extends a service is what the service takes.
;; search: systems/lib
;; error:
;;| fruix::eval::failed
;;|   × the service `mine` gives `etc` the list ("mine" #<store-object /frx/store/7gyqw…, where it takes an
;;|   │ `etc-file` record
;;|     ╭─[systems/etc-not-a-record.scm:22:1]
;;|  21 │
;;|  22 │ (system (simple-service 'mine etc-service-type (list (list "mine" (plain-file "mine" "x")))))
;;|     · ──────────────────────────────────────────────┬──────────────────────────────────────────────
;;|     ·                                               ╰── here
;;|     ╰────

(use-modules (fruix system) (fruix services) (fruix services base) (fruix store) (tower))

(define (system . services)
  (operating-system (host-name "tower")
                    (base base)
                    (file-systems (list root))
                    (services (append services %base-services))))

(system (simple-service 'mine etc-service-type (list (list "mine" (plain-file "mine" "x")))))
