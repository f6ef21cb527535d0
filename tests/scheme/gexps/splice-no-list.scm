;; What is spliced is a list.
;; error:
;;|   × the integer 5 cannot be part of a gexp
;;|     ╭─[gexps/splice-no-list.scm:18:20]
;;|  17 │   #~(write-file #$output
;;|  18 │                 #$@count))
;;|     ·                    ──┬──
;;|     ·                      ╰── here
;;|     ╰────
;;|   help: insert strings, numbers, symbols, lists of such, files and other things that can be built, or gexps

(use-modules (fruix gexp))

(define count 5)

(computed-file "greeting"
  #~(write-file #$output
                #$@count))
