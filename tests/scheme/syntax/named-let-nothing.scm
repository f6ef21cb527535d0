;; Named let nothing.
;; error:
;;|   × named let expects a list of argument id and init expr pairs, found none
;;|     ╭─[syntax/named-let-nothing.scm:12:1]
;;|  11 │
;;|  12 │ (let loop)
;;|     · ─────┬────
;;|     ·      ╰── here
;;|     ╰────
;;|   help: write (let ([NAME VALUE] …) EXPRESSION …)

(let loop)
