;; A module that a macro requires is empty.
;; error:
;;| fruix::eval::failed
;;|   × Engine::new: not available, because a declaration must mean the same everywhere and always
;;|     ╭─[hostile/require-builtin-in-macro.scm:15:11]
;;|  14 │ (use require-builtin steel/base)
;;|  15 │ (define e (Engine::new))
;;|     ·           ──────┬──────
;;|     ·                 ╰── here
;;|  16 │ (error (to-string (run! e "(env-var \"HOME\")")))
;;|     ╰────

(define-syntax use (syntax-rules () [(_ f m) (f m)]))
(use require-builtin steel/base)
(define e (Engine::new))
(error (to-string (run! e "(env-var \"HOME\")")))
