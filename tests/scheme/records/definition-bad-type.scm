;; A definition with a type that is none.
;; error:
;;| fruix::eval::malformed-type
;;|   × this is no field type
;;|     ╭─[records/definition-bad-type.scm:16:33]
;;|  15 │
;;|  16 │ (define-record-type* host (name (list string)))
;;|     ·                                 ──────┬──────
;;|     ·                                       ╰── not a type
;;|     ╰────
;;|   help: types are: string, integer, (integer MIN MAX), boolean, symbol, procedure, file-like, any, (list-of
;;|         T), (alist-of T), (maybe T), (or T …), (one-of 'a "b" …), or the name of a record type

(use-modules (fruix records))

(define-record-type* host (name (list string)))
