;; The procedures for forms work on the files of a build, which there are none of here.
;; error:
;;| fruix::eval::failed
;;|   × read-file: there are no files while a declaration is evaluated
;;|     ╭─[gexps/files-while-evaluating.scm:15:14]
;;|  14 │ (use-modules (fruix builder))
;;|  15 │ (define text (read-file "/etc/passwd"))
;;|     ·              ────────────┬────────────
;;|     ·                          ╰── here
;;|  16 │ text
;;|     ╰────
;;|   help: use it in the gexp of a `computed-file`

(use-modules (fruix builder))
(define text (read-file "/etc/passwd"))
text
