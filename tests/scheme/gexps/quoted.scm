;; A quoted gexp.
;; error:
;;| fruix::eval::misplaced-form
;;|   × a quoted gexp
;;|     ╭─[gexps/quoted.scm:15:19]
;;|  14 │ (use-modules (fruix gexp))
;;|  15 │ (define forms '(1 #~(f)))
;;|     ·                   ──┬──
;;|     ·                     ╰── would be data, not a gexp
;;|  16 │ forms
;;|     ╰────
;;|   help: build the list with `list` instead of quoting it

(use-modules (fruix gexp))
(define forms '(1 #~(f)))
forms
