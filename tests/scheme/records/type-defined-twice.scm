;; Two record types of one name.
;; search: records/lib
;; error:
;;|   × there is a record type `account` already
;;|   help: choose another name

(use-modules (fruix records) ((mods account) #:prefix other:))

(define-record-type* account (id string))

(account (id "x"))
