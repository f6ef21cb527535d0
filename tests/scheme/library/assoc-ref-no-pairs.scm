;; A list that is no association list.
;; error:
;;|   × `assoc-ref` expected a list or pair, found 1
;;|     ╭─[library/assoc-ref-no-pairs.scm:13:13]
;;|  12 │ (use-modules (fruix lists))
;;|  13 │ (define one (assoc-ref '(1 2) 'a))
;;|     ·             ──────────┬──────────
;;|     ·                       ╰── here
;;|  14 │ one
;;|     ╰────

(use-modules (fruix lists))
(define one (assoc-ref '(1 2) 'a))
one
