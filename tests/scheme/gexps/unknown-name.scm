;; A name that is not defined, inserted into a gexp.
;; error:
;;| fruix::eval::unbound-name
;;|   × `greting` is not defined
;;|     ╭─[gexps/unknown-name.scm:14:52]
;;|  13 │ (use-modules (fruix gexp))
;;|  14 │ (computed-file "greeting" #~(write-file #$output #$greting))
;;|     ·                                                    ───┬───
;;|     ·                                                       ╰── not known here
;;|     ╰────
;;|   help: define it, or use the module that does with (use-modules …)

(use-modules (fruix gexp))
(computed-file "greeting" #~(write-file #$output #$greting))
