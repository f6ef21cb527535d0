;; Two record types of one name.
;; search: records/lib
;; error:
;;|   × there is a record type `account` already
;;|     ╭─[records/type-defined-twice.scm:16:1]
;;|  15 │
;;|  16 │ (define-record-type* account (id string))
;;|     · ────────────────────┬────────────────────
;;|     ·                     ╰── here
;;|  17 │
;;|     ╰────
;;|   help: choose another name

(use-modules (fruix records) ((mods account) #:prefix other:))

(define-record-type* account (id string))

(account (id "x"))
