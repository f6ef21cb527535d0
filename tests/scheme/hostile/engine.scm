;; engine.
;; error:
;;|   × Engine::new: not available, because a declaration must mean the same everywhere and always
;;|     ╭─[hostile/engine.scm:11:1]
;;|  10 │
;;|  11 │ (Engine::new)
;;|     · ──────┬──────
;;|     ·       ╰── here
;;|     ╰────

(Engine::new)
