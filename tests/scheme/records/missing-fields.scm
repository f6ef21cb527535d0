;; Several required fields are missing.
;; error:
;;|   × `point` lacks the fields `x`, `y`
;;|     ╭─[records/missing-fields.scm:16:2]
;;|  15 │
;;|  16 │ (point)
;;|     ·  ──┬──
;;|     ·    ╰── the fields `x`, `y` must be given
;;|     ╰────
;;|   help: add (x …): an integer

(use-modules (fruix records))

(define-record-type* point (x integer) (y integer) (z integer (default 0)))

(point)
