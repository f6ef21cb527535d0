;; A field whose type nobody defines.
;; error:
;;| fruix::eval::field-type
;;|   × the field `disk` of `host` cannot be the integer 5
;;|     ╭─[records/unknown-record-type.scm:17:13]
;;|  16 │
;;|  17 │ (host (disk 5))
;;|     ·             ┬
;;|     ·             ╰── expected a `dsik` record
;;|     ╰────
;;|   help: there is no record type `dsik`; no module in use defines it

(use-modules (fruix records))

(define-record-type* host (disk dsik))

(host (disk 5))
