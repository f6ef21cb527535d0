;; What fails in a thunk is shown where it is written, even if it is the last call of it.
;; error:
;;| fruix::eval::failed
;;|   × string-split: the separator is empty
;;|     ╭─[records/thunked-fails.scm:19:39]
;;|  18 │
;;|  19 │ (define one (site (name "one") (words (string-split (site-name this-record) ""))))
;;|     ·                                       ────────────────────┬────────────────────
;;|     ·                                                           ╰── here
;;|  20 │
;;|     ╰────

(use-modules (fruix records) (fruix strings))

(define-record-type* site
  (name string)
  (words (list-of string) (thunked)))

(define one (site (name "one") (words (string-split (site-name this-record) ""))))

(list (site-words one))
