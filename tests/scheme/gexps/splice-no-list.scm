;; What is spliced is a list.
;; error:
;;| fruix::eval::failed
;;|   × the integer 5 cannot be part of a gexp
;;|     ╭─[gexps/splice-no-list.scm:19:20]
;;|  18 │   #~(write-file #$output
;;|  19 │                 #$@count))
;;|     ·                    ──┬──
;;|     ·                      ╰── here
;;|     ╰────
;;|   help: insert strings, numbers, symbols, lists of such, files and other things that can be built, or gexps

(use-modules (fruix gexp))

(define count 5)

(computed-file "greeting"
  #~(write-file #$output
                #$@count))
