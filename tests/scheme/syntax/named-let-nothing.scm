;; Named let nothing.
;; error:
;;| fruix::eval::malformed-form
;;|   × named let expects a list of argument id and init expr pairs, found none
;;|     ╭─[syntax/named-let-nothing.scm:13:1]
;;|  12 │
;;|  13 │ (let loop)
;;|     · ─────┬────
;;|     ·      ╰── here
;;|     ╰────
;;|   help: write (let ([NAME VALUE] …) EXPRESSION …)

(let loop)
