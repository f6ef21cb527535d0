;; Empty call.
;; error:
;;| fruix::eval::malformed-form
;;|   × empty function application
;;|     ╭─[syntax/empty-call.scm:12:7]
;;|  11 │
;;|  12 │ (list ())
;;|     ·       ─┬
;;|     ·        ╰── here
;;|     ╰────

(list ())
