;; A type that could be called like one of the parts.
;; error:
;;|   × the name of a record type cannot begin with `%`
;;|     ╭─[records/percent.scm:14:22]
;;|  13 │ (use-modules (fruix records))
;;|  14 │ (define-record-type* %field
;;|     ·                      ───┬──
;;|     ·                         ╰── such names are those of what belongs to types
;;|  15 │   (a string))
;;|     ╰────
;;|   help: leave out the `%`: `field`

(use-modules (fruix records))
(define-record-type* %field
  (a string))
5
