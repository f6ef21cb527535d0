;; What a service gives is looked at where it is given.
;; error:
;;|   × the service `x` gives `rc-conf` #t, where it takes a string
;;|     ╭─[systems/extension-untyped.scm:12:1]
;;|  11 │ (use-modules (fruix services))
;;|  12 │ (simple-service 'x rc-conf-service-type '(("sshd_enable" . #t)))
;;|     · ────────────────────────────────┬───────────────────────────────
;;|     ·                                 ╰── here
;;|     ╰────

(use-modules (fruix services))
(simple-service 'x rc-conf-service-type '(("sshd_enable" . #t)))
