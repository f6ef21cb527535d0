;; What fails in a `begin` at the top is shown, not the whole of it.
;; error:
;;| fruix::eval::failed
;;|   × string-split: the separator is empty
;;|     ╭─[syntax/begin-place.scm:15:3]
;;|  14 │   (define parts (string-split "a b" " "))
;;|  15 │   (string-split "a" ""))
;;|     ·   ──────────┬──────────
;;|     ·             ╰── here
;;|     ╰────

(use-modules (fruix strings))
(begin
  (define parts (string-split "a b" " "))
  (string-split "a" ""))
