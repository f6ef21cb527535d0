;; More elements than the list has.
;; error:
;;| fruix::eval::failed
;;|   × `drop-right` expected a positive integer
;;|     ╭─[library/take-too-many.scm:14:13]
;;|  13 │ (use-modules (fruix lists))
;;|  14 │ (define all (drop-right '(1 2) 3))
;;|     ·             ──────────┬──────────
;;|     ·                       ╰── here
;;|  15 │ all
;;|     ╰────

(use-modules (fruix lists))
(define all (drop-right '(1 2) 3))
all
