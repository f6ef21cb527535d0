;; with-handler-hides-nothing.
;; error:
;;|   × the field `x` of `p` cannot be the string "a"
;;|     ╭─[hostile/with-handler-hides-nothing.scm:13:47]
;;|  12 │ (define-record-type* p (x integer))
;;|  13 │ (with-handler (lambda (e) 'caught) (p-x (p (x "a"))))
;;|     ·                                               ─┬─
;;|     ·                                                ╰── expected an integer
;;|     ╰────

(use-modules (fruix records))
(define-record-type* p (x integer))
(with-handler (lambda (e) 'caught) (p-x (p (x "a"))))
