;; Names that a declaration gives another meaning keep theirs in the modules that it uses.
;; value: (2 covered 1 3 (1))
(require (prefix-in own: "lib/own-list.scm"))

(define factor 2)

(define (map . _)
  'covered)

(define (list . _)
  'covered)

(cons factor (cons (map) (own:pair 1)))
