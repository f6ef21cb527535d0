;; with-handler-hides-nothing.
;; error:
;;| fruix::eval::field-type
;;|   × the field `x` of `p` cannot be the string "a"
;;|     ╭─[hostile/with-handler-hides-nothing.scm:14:47]
;;|  13 │ (define-record-type* p (x integer))
;;|  14 │ (with-handler (lambda (e) 'caught) (p-x (p (x "a"))))
;;|     ·                                               ─┬─
;;|     ·                                                ╰── expected an integer
;;|     ╰────

(use-modules (fruix records))
(define-record-type* p (x integer))
(with-handler (lambda (e) 'caught) (p-x (p (x "a"))))
