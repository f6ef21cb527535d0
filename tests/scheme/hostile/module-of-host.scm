;; Nor can the module of Fruix's own primitives.
;; error:
;;| fruix::eval::failed
;;|   × %#maybe-module-get: not available, because a declaration must mean the same everywhere and always
;;|     ╭─[hostile/module-of-host.scm:12:1]
;;|  11 │
;;|  12 │ (%#maybe-module-get %-builtin-module-fruix/host '%derivation)
;;|     · ──────────────────────────────┬──────────────────────────────
;;|     ·                               ╰── here
;;|     ╰────

(%#maybe-module-get %-builtin-module-fruix/host '%derivation)
