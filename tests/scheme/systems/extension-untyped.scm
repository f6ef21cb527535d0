;; What a service gives is looked at where it is given.
;; error:
;;| fruix::eval::failed
;;|   × the service `x` gives `rc-conf` #t, where it takes a string
;;|     ╭─[systems/extension-untyped.scm:13:1]
;;|  12 │ (use-modules (fruix services))
;;|  13 │ (simple-service 'x rc-conf-service-type '(("sshd_enable" . #t)))
;;|     · ────────────────────────────────┬───────────────────────────────
;;|     ·                                 ╰── here
;;|     ╰────

(use-modules (fruix services))
(simple-service 'x rc-conf-service-type '(("sshd_enable" . #t)))
