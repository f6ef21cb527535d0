;; Prefix number.
;; error:
;;|   × unknown option of `use-modules`
;;|     ╭─[modules/prefix-number.scm:13:29]
;;|  12 │
;;|  13 │ (use-modules ((fruix lists) #:prefix 5))
;;|     ·                             ────┬───
;;|     ·                                 ╰── expected `#:prefix NAME` or `#:select (NAME …)`
;;|  14 │ 1
;;|     ╰────
;;|   help: write ((fruix system) #:prefix os:)

(use-modules ((fruix lists) #:prefix 5))
1
