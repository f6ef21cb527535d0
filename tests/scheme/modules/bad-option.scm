;; An unknown option.
;; error:
;;| fruix::eval::malformed-import
;;|   × unknown option of `use-modules`
;;|     ╭─[modules/bad-option.scm:14:29]
;;|  13 │
;;|  14 │ (use-modules ((fruix lists) #:hide (any)))
;;|     ·                             ───┬──
;;|     ·                                ╰── expected `#:prefix NAME` or `#:select (NAME …)`
;;|  15 │ 1
;;|     ╰────
;;|   help: write ((fruix system) #:prefix os:)

(use-modules ((fruix lists) #:hide (any)))
1
