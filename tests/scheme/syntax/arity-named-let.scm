;; A loop that is called with too few.
;; error:
;;| fruix::eval::wrong-arguments
;;|   × a procedure expected 1 argument, found 0
;;|     ╭─[syntax/arity-named-let.scm:12:1]
;;|  11 │
;;|  12 │ ╭─▶ (let loop ([i 0])
;;|  13 │ ├─▶   (if (< i 5) (loop)))
;;|     · ╰──── in this call
;;|     ╰────

(let loop ([i 0])
  (if (< i 5) (loop)))
