;; Ports show what they are given.
;; error:
;;|   × display: a hash has no order
;;|     ╭─[hostile/hash-displayed.scm:14:1]
;;|  13 │ (define port (open-output-string))
;;|  14 │ (display (hash 'a 1 'b 2) port)
;;|     · ───────────────┬───────────────
;;|     ·                ╰── here
;;|  15 │ (get-output-string port)
;;|     ╰────
;;|   help: turn it into a list first, with hash->list

(define port (open-output-string))
(display (hash 'a 1 'b 2) port)
(get-output-string port)
