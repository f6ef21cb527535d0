;; A type that could be called like one of the parts.
;; error:
;;| fruix::eval::malformed-type
;;|   × the name of a record type cannot begin with `%`
;;|     ╭─[records/percent.scm:15:22]
;;|  14 │ (use-modules (fruix records))
;;|  15 │ (define-record-type* %field
;;|     ·                      ───┬──
;;|     ·                         ╰── such names are those of what belongs to types
;;|  16 │   (a string))
;;|     ╰────
;;|   help: leave out the `%`: `field`

(use-modules (fruix records))
(define-record-type* %field
  (a string))
5
