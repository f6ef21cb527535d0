;; A loop that is called with too few.
;; error:
;;|   × a procedure expected 1 argument, found 0
;;|     ╭─[syntax/arity-named-let.scm:11:1]
;;|  10 │
;;|  11 │ ╭─▶ (let loop ([i 0])
;;|  12 │ ├─▶   (if (< i 5) (loop)))
;;|     · ╰──── in this call
;;|     ╰────

(let loop ([i 0])
  (if (< i 5) (loop)))
