;; Two record types of one name.
;; search: records/lib
;; error:
;;| fruix::eval::failed
;;|   × there is a record type `account` already
;;|     ╭─[records/type-defined-twice.scm:17:1]
;;|  16 │
;;|  17 │ (define-record-type* account (id string))
;;|     · ────────────────────┬────────────────────
;;|     ·                     ╰── here
;;|  18 │
;;|     ╰────
;;|   help: choose another name

(use-modules (fruix records) ((mods account) #:prefix other:))

(define-record-type* account (id string))

(account (id "x"))
