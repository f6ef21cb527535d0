;; Two accessors of one name.
;; error:
;;| fruix::eval::bound-twice
;;|   × `r-x-y` is defined twice
;;|     ╭─[records/accessors-collide.scm:22:3]
;;|  19 │ (define-record-type* r
;;|  20 │   (x-y string))
;;|     ·   ──────┬─────
;;|     ·         ╰── first here, by the field `x-y`
;;|  21 │ (define-record-type* r-x
;;|  22 │   (y string))
;;|     ·   ─────┬────
;;|     ·        ╰── again here, by the field `y`
;;|  23 │ (r (x-y "a"))
;;|     ╰────
;;|   help: give one of them another name

(use-modules (fruix records))
(define-record-type* r
  (x-y string))
(define-record-type* r-x
  (y string))
(r (x-y "a"))
