;; And errors that are shown.
;; error:
;;| fruix::eval::failed
;;|   × to-string: a hash has no order
;;|     ╭─[hostile/hash-in-error-shown.scm:13:27]
;;|  12 │
;;|  13 │ (with-handler (lambda (e) (to-string e)) (string-append (hash 'a 1 'b 2)))
;;|     ·                           ──────┬──────
;;|     ·                                 ╰── here
;;|     ╰────
;;|   help: turn it into a list first, with hash->list

(with-handler (lambda (e) (to-string e)) (string-append (hash 'a 1 'b 2)))
