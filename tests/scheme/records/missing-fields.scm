;; Several required fields are missing.
;; error:
;;| fruix::eval::missing-field
;;|   × `point` lacks the fields `x`, `y`
;;|     ╭─[records/missing-fields.scm:17:2]
;;|  16 │
;;|  17 │ (point)
;;|     ·  ──┬──
;;|     ·    ╰── the fields `x`, `y` must be given
;;|     ╰────
;;|   help: add (x …): an integer

(use-modules (fruix records))

(define-record-type* point (x integer) (y integer) (z integer (default 0)))

(point)
