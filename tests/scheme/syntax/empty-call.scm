;; Empty call.
;; error:
;;|   × empty function application
;;|     ╭─[syntax/empty-call.scm:11:7]
;;|  10 │
;;|  11 │ (list ())
;;|     ·       ─┬
;;|     ·        ╰── here
;;|     ╰────

(list ())
