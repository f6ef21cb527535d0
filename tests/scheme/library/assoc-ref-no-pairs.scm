;; A list that is no association list.
;; error:
;;| fruix::eval::wrong-type
;;|   × `assoc-ref` expected a list or pair, found 1
;;|     ╭─[library/assoc-ref-no-pairs.scm:14:13]
;;|  13 │ (use-modules (fruix lists))
;;|  14 │ (define one (assoc-ref '(1 2) 'a))
;;|     ·             ──────────┬──────────
;;|     ·                       ╰── here
;;|  15 │ one
;;|     ╰────

(use-modules (fruix lists))
(define one (assoc-ref '(1 2) 'a))
one
