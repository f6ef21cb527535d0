;; A record type to provide that is not defined.
;; error:
;;| fruix::eval::not-provided
;;|   × no such record type in this file
;;|     ╭─[modules/provide-unknown-record.scm:14:18]
;;|  13 │ (use-modules (fruix records))
;;|  14 │ (provide (record account))
;;|     ·                  ───┬───
;;|     ·                     ╰── not defined here by `define-record-type*`
;;|  15 │ 1
;;|     ╰────

(use-modules (fruix records))
(provide (record account))
1
