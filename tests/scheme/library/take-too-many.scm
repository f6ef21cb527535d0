;; More elements than the list has.
;; error:
;;|   × `drop-right` expected a positive integer
;;|     ╭─[library/take-too-many.scm:13:13]
;;|  12 │ (use-modules (fruix lists))
;;|  13 │ (define all (drop-right '(1 2) 3))
;;|     ·             ──────────┬──────────
;;|     ·                       ╰── here
;;|  14 │ all
;;|     ╰────

(use-modules (fruix lists))
(define all (drop-right '(1 2) 3))
all
