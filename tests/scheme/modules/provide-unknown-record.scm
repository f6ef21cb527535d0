;; A record type to provide that is not defined.
;; error:
;;|   × no such record type in this file
;;|     ╭─[modules/provide-unknown-record.scm:13:18]
;;|  12 │ (use-modules (fruix records))
;;|  13 │ (provide (record account))
;;|     ·                  ───┬───
;;|     ·                     ╰── not defined here by `define-record-type*`
;;|  14 │ 1
;;|     ╰────

(use-modules (fruix records))
(provide (record account))
1
