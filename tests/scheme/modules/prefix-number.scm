;; Prefix number.
;; error:
;;| fruix::eval::malformed-import
;;|   × unknown option of `use-modules`
;;|     ╭─[modules/prefix-number.scm:14:29]
;;|  13 │
;;|  14 │ (use-modules ((fruix lists) #:prefix 5))
;;|     ·                             ────┬───
;;|     ·                                 ╰── expected `#:prefix NAME` or `#:select (NAME …)`
;;|  15 │ 1
;;|     ╰────
;;|   help: write ((fruix system) #:prefix os:)

(use-modules ((fruix lists) #:prefix 5))
1
