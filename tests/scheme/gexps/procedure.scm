;; A procedure cannot be inserted: it would have to be code.
;; error:
;;|   × a procedure cannot be part of a gexp
;;|     ╭─[gexps/procedure.scm:18:20]
;;|  17 │   #~(write-file #$output
;;|  18 │                 (#$greet "you")))
;;|     ·                    ──┬──
;;|     ·                      ╰── here
;;|     ╰────
;;|   help: insert strings, numbers, symbols, lists of such, files and other things that can be built, or gexps

(use-modules (fruix gexp))

(define (greet name) (string-append "Hello " name))

(computed-file "greeting"
  #~(write-file #$output
                (#$greet "you")))
