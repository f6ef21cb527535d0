;; A malformed define.
;; error:
;;|   × define has neither head nor body
;;|     ╭─[syntax/bad-define.scm:11:1]
;;|  10 │
;;|  11 │ (define)
;;|     · ────┬───
;;|     ·     ╰── here
;;|     ╰────

(define)
