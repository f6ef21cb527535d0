;; A procedure cannot be inserted: it would have to be code.
;; error:
;;| fruix::eval::failed
;;|   × a procedure cannot be part of a gexp
;;|     ╭─[gexps/procedure.scm:19:20]
;;|  18 │   #~(write-file #$output
;;|  19 │                 (#$greet "you")))
;;|     ·                    ──┬──
;;|     ·                      ╰── here
;;|     ╰────
;;|   help: insert strings, numbers, symbols, lists of such, files and other things that can be built, or gexps

(use-modules (fruix gexp))

(define (greet name) (string-append "Hello " name))

(computed-file "greeting"
  #~(write-file #$output
                (#$greet "you")))
