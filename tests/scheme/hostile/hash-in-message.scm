;; Those of the interpreter's own errors too.
;; error:
;;| fruix::eval::failed
;;|   × error-object-message: a hash has no order
;;|     ╭─[hostile/hash-in-message.scm:13:27]
;;|  12 │
;;|  13 │ (with-handler (lambda (e) (error-object-message e)) (string-append (hash 'a 1 'b 2)))
;;|     ·                           ────────────┬───────────
;;|     ·                                       ╰── here
;;|     ╰────
;;|   help: turn it into a list first, with hash->list

(with-handler (lambda (e) (error-object-message e)) (string-append (hash 'a 1 'b 2)))
