;; The same in a format.
;; error:
;;| fruix::eval::failed
;;|   × this value has more than 1000000 parts, or contains itself
;;|     ╭─[hostile/exponential-format.scm:16:1]
;;|  15 │   (if (= n 0) v (nest (- n 1) (list v v))))
;;|  16 │ (format #f "~a" (nest 60 1))
;;|     · ──────────────┬─────────────
;;|     ·               ╰── here
;;|     ╰────
;;|   help: use a part of it

(use-modules (fruix strings))
(define (nest n v)
  (if (= n 0) v (nest (- n 1) (list v v))))
(format #f "~a" (nest 60 1))
