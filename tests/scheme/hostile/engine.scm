;; engine.
;; error:
;;| fruix::eval::failed
;;|   × Engine::new: not available, because a declaration must mean the same everywhere and always
;;|     ╭─[hostile/engine.scm:12:1]
;;|  11 │
;;|  12 │ (Engine::new)
;;|     · ──────┬──────
;;|     ·       ╰── here
;;|     ╰────

(Engine::new)
