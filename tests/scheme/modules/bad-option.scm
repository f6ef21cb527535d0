;; An unknown option.
;; error:
;;|   × unknown option of `use-modules`
;;|     ╭─[modules/bad-option.scm:13:29]
;;|  12 │
;;|  13 │ (use-modules ((fruix lists) #:hide (any)))
;;|     ·                             ───┬──
;;|     ·                                ╰── expected `#:prefix NAME` or `#:select (NAME …)`
;;|  14 │ 1
;;|     ╰────
;;|   help: write ((fruix system) #:prefix os:)

(use-modules ((fruix lists) #:hide (any)))
1
