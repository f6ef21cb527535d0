;; A name that the module does not have.
;; error:
;;| fruix::eval::not-provided
;;|   × the module does not provide `string-spilt`
;;|     ╭─[modules/select-unknown.scm:14:54]
;;|  13 │
;;|  14 │ (use-modules ((fruix strings) #:select (string-split string-spilt)))
;;|     ·                                                      ──────┬─────
;;|     ·                                                            ╰── not provided by it
;;|  15 │ (string-split "a b" " ")
;;|     ╰────
;;|   help: did you mean `string-split`?

(use-modules ((fruix strings) #:select (string-split string-spilt)))
(string-split "a b" " ")
