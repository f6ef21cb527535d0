;; A name that the module does not have.
;; error:
;;|   × the module does not provide `string-spilt`
;;|     ╭─[modules/select-unknown.scm:13:54]
;;|  12 │
;;|  13 │ (use-modules ((fruix strings) #:select (string-split string-spilt)))
;;|     ·                                                      ──────┬─────
;;|     ·                                                            ╰── not provided by it
;;|  14 │ (string-split "a b" " ")
;;|     ╰────
;;|   help: did you mean `string-split`?

(use-modules ((fruix strings) #:select (string-split string-spilt)))
(string-split "a b" " ")
