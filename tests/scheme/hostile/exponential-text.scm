;; The same as a text.
;; error:
;;| fruix::eval::failed
;;|   × this value has more than 1000000 parts, or contains itself
;;|     ╭─[hostile/exponential-text.scm:16:1]
;;|  15 │   (if (= n 0) v (nest (- n 1) (list v v))))
;;|  16 │ (text-append (nest 60 "a"))
;;|     · ─────────────┬─────────────
;;|     ·              ╰── here
;;|     ╰────
;;|   help: use a part of it

(use-modules (fruix store))
(define (nest n v)
  (if (= n 0) v (nest (- n 1) (list v v))))
(text-append (nest 60 "a"))
