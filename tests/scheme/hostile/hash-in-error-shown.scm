;; And errors that are shown.
;; error:
;;|   × to-string: a hash has no order
;;|     ╭─[hostile/hash-in-error-shown.scm:12:27]
;;|  11 │
;;|  12 │ (with-handler (lambda (e) (to-string e)) (string-append (hash 'a 1 'b 2)))
;;|     ·                           ──────┬──────
;;|     ·                                 ╰── here
;;|     ╰────
;;|   help: turn it into a list first, with hash->list

(with-handler (lambda (e) (to-string e)) (string-append (hash 'a 1 'b 2)))
