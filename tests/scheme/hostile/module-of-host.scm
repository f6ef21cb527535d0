;; Nor can the module of Fruix's own primitives.
;; error:
;;|   × %#maybe-module-get: not available, because a declaration must mean the same everywhere and always
;;|     ╭─[hostile/module-of-host.scm:11:1]
;;|  10 │
;;|  11 │ (%#maybe-module-get %-builtin-module-fruix/host '%derivation)
;;|     · ──────────────────────────────┬──────────────────────────────
;;|     ·                               ╰── here
;;|     ╰────

(%#maybe-module-get %-builtin-module-fruix/host '%derivation)
