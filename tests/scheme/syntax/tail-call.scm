;; A tail call into a library blames the call.
;; error:
;;| fruix::eval::failed
;;|   × string-split: the separator is empty
;;|     ╭─[syntax/tail-call.scm:14:1]
;;|  13 │ (define (f x) (string-split x ""))
;;|  14 │ (f "abc")
;;|     · ────┬────
;;|     ·     ╰── here
;;|     ╰────

(use-modules (fruix strings))
(define (f x) (string-split x ""))
(f "abc")
