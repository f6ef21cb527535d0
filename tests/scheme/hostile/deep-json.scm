;; A list nested deeper than anybody's.
;; error:
;;| fruix::eval::failed
;;|   × this value has more than 1000000 parts, or contains itself
;;|     ╭─[hostile/deep-json.scm:16:1]
;;|  15 │   (if (= n 0) v (deep (- n 1) (list v))))
;;|  16 │ (->json (deep 1000000 '()))
;;|     · ─────────────┬─────────────
;;|     ·              ╰── here
;;|     ╰────
;;|   help: use a part of it

(use-modules (fruix store))
(define (deep n v)
  (if (= n 0) v (deep (- n 1) (list v))))
(->json (deep 1000000 '()))
