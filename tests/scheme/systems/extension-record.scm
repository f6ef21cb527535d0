;; Another record than the one that is taken.
;; error:
;;| fruix::eval::failed
;;|   × the service `x` gives `etc` a `directory` record, where it takes an `etc-file` record
;;|     ╭─[systems/extension-record.scm:13:1]
;;|  12 │ (use-modules (fruix services))
;;|  13 │ (simple-service 'x etc-service-type (list (directory (path "/srv"))))
;;|     · ──────────────────────────────────┬──────────────────────────────────
;;|     ·                                   ╰── here
;;|     ╰────

(use-modules (fruix services))
(simple-service 'x etc-service-type (list (directory (path "/srv"))))
