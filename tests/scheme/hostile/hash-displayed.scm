;; Ports show what they are given.
;; error:
;;| fruix::eval::failed
;;|   × display: a hash has no order
;;|     ╭─[hostile/hash-displayed.scm:15:1]
;;|  14 │ (define port (open-output-string))
;;|  15 │ (display (hash 'a 1 'b 2) port)
;;|     · ───────────────┬───────────────
;;|     ·                ╰── here
;;|  16 │ (get-output-string port)
;;|     ╰────
;;|   help: turn it into a list first, with hash->list

(define port (open-output-string))
(display (hash 'a 1 'b 2) port)
(get-output-string port)
