;; Records that hold records, of a type that is defined later.
;; error:
;;| fruix::eval::unbound-name
;;|   × `any` is not defined
;;|     ╭─[records/two-definitions.scm:17:35]
;;|  16 │ (define-record-type* outer (inner (or inner string)) (all (list-of inner) (default '())))
;;|  17 │ (define-record-type* inner (value any (default void)) (number integer))
;;|     ·                                   ─┬─
;;|     ·                                    ╰── not known here
;;|  18 │
;;|     ╰────
;;|   help: it is part of (fruix lists core): add (use-modules (fruix lists core)) at the top

(use-modules (fruix records))

(define-record-type* outer (inner (or inner string)) (all (list-of inner) (default '())))
(define-record-type* inner (value any (default void)) (number integer))

(list (outer (inner "text")) (outer (inner (inner (value 'x) (number 1)))))
