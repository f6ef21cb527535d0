;; Two accessors of one name.
;; error:
;;|   × `r-x-y` is defined twice
;;|     ╭─[records/accessors-collide.scm:21:3]
;;|  18 │ (define-record-type* r
;;|  19 │   (x-y string))
;;|     ·   ──────┬─────
;;|     ·         ╰── first here, by the field `x-y`
;;|  20 │ (define-record-type* r-x
;;|  21 │   (y string))
;;|     ·   ─────┬────
;;|     ·        ╰── again here, by the field `y`
;;|  22 │ (r (x-y "a"))
;;|     ╰────
;;|   help: give one of them another name

(use-modules (fruix records))
(define-record-type* r
  (x-y string))
(define-record-type* r-x
  (y string))
(r (x-y "a"))
