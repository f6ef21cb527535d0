;; A module named through a macro.
;; error:
;;|   × unexpected require - require is only allowed at the top level
;;|     ╭─[hostile/require-in-macro.scm:12:6]
;;|  11 │ (define-syntax use (syntax-rules () [(_ form path) (form path)]))
;;|  12 │ (use require "/etc/passwd")
;;|     ·      ───┬───
;;|     ·         ╰── here
;;|     ╰────

(define-syntax use (syntax-rules () [(_ form path) (form path)]))
(use require "/etc/passwd")
