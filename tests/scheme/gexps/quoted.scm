;; A quoted gexp.
;; error:
;;|   × a quoted gexp
;;|     ╭─[gexps/quoted.scm:14:19]
;;|  13 │ (use-modules (fruix gexp))
;;|  14 │ (define forms '(1 #~(f)))
;;|     ·                   ──┬──
;;|     ·                     ╰── would be data, not a gexp
;;|  15 │ forms
;;|     ╰────
;;|   help: build the list with `list` instead of quoting it

(use-modules (fruix gexp))
(define forms '(1 #~(f)))
forms
