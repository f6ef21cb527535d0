;; A name that is not defined, inserted into a gexp.
;; error:
;;|   × `greting` is not defined
;;|     ╭─[gexps/unknown-name.scm:13:52]
;;|  12 │ (use-modules (fruix gexp))
;;|  13 │ (computed-file "greeting" #~(write-file #$output #$greting))
;;|     ·                                                    ───┬───
;;|     ·                                                       ╰── not known here
;;|     ╰────
;;|   help: define it, or use the module that does with (use-modules …)

(use-modules (fruix gexp))
(computed-file "greeting" #~(write-file #$output #$greting))
