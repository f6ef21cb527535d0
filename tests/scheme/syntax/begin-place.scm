;; What fails in a `begin` at the top is shown, not the whole of it.
;; error:
;;|   × string-split: the separator is empty
;;|     ╭─[syntax/begin-place.scm:14:3]
;;|  13 │   (define parts (string-split "a b" " "))
;;|  14 │   (string-split "a" ""))
;;|     ·   ──────────┬──────────
;;|     ·             ╰── here
;;|     ╰────

(use-modules (fruix strings))
(begin
  (define parts (string-split "a b" " "))
  (string-split "a" ""))
