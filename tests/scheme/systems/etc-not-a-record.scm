;; What extends a service is what the service takes.
;; error:
;;| fruix::eval::failed
;;|   × the service `mine` gives `etc` the list ("mine" #<store-object /frx/store/7gyqw…, where it takes an
;;|   │ `etc-file` record
;;|     ╭─[systems/etc-not-a-record.scm:25:1]
;;|  24 │
;;|  25 │ (system (simple-service 'mine etc-service-type (list (list "mine" (plain-file "mine" "x")))))
;;|     · ──────────────────────────────────────────────┬──────────────────────────────────────────────
;;|     ·                                               ╰── here
;;|     ╰────

(use-modules (fruix system) (fruix file-systems) (fruix services) (fruix services base) (fruix services ssh) (fruix store)
             (fruix freebsd base))

(define base
  (freebsd-base (version "13.2") (world (installed-freebsd (path "/"))) (kernel (installed-freebsd (path "/")))))

(define (system . services)
  (operating-system (host-name "tower")
                    (base base)
                    (file-systems (list (file-system (label "root") (mount-point "/"))))
                    (services (append services %base-services))))

(system (simple-service 'mine etc-service-type (list (list "mine" (plain-file "mine" "x")))))
