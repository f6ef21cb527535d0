;; Records that hold records, of a type that is defined later.
;; value: ((outer (inner "text") (all ())) (outer (inner (inner (value x) (number 1))) (all ())))

(use-modules (fruix records))

(define-record-type* outer (inner (or inner string)) (all (list-of inner) (default '())))
(define-record-type* inner (value any (default void)) (number integer))

(list (outer (inner "text")) (outer (inner (inner (value 'x) (number 1)))))
