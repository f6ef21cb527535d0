;; Another record than the one that is taken.
;; error:
;;|   × the service `x` gives `etc` a `directory` record, where it takes an `etc-file` record
;;|     ╭─[systems/extension-record.scm:12:1]
;;|  11 │ (use-modules (fruix services))
;;|  12 │ (simple-service 'x etc-service-type (list (directory (path "/srv"))))
;;|     · ──────────────────────────────────┬──────────────────────────────────
;;|     ·                                   ╰── here
;;|     ╰────

(use-modules (fruix services))
(simple-service 'x etc-service-type (list (directory (path "/srv"))))
