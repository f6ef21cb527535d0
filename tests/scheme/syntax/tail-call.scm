;; A tail call into a library blames the call.
;; error:
;;|   × string-split: the separator is empty
;;|     ╭─[syntax/tail-call.scm:13:1]
;;|  12 │ (define (f x) (string-split x ""))
;;|  13 │ (f "abc")
;;|     · ────┬────
;;|     ·     ╰── here
;;|     ╰────

(use-modules (fruix strings))
(define (f x) (string-split x ""))
(f "abc")
