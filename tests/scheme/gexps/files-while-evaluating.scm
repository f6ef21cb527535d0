;; The procedures for forms work on the files of a build, which there are none of here.
;; error:
;;|   × read-file: there are no files while a declaration is evaluated
;;|     ╭─[gexps/files-while-evaluating.scm:14:14]
;;|  13 │ (use-modules (fruix builder))
;;|  14 │ (define text (read-file "/etc/passwd"))
;;|     ·              ────────────┬────────────
;;|     ·                          ╰── here
;;|  15 │ text
;;|     ╰────
;;|   help: use it in the gexp of a `computed-file`

(use-modules (fruix builder))
(define text (read-file "/etc/passwd"))
text
