;; A name like no other.
;; error:
;;| fruix::eval::unbound-name
;;|   × `zzqqwwxx` is not defined
;;|     ╭─[syntax/free-identifier-far.scm:14:16]
;;|  13 │
;;|  14 │ (define (f x) (zzqqwwxx x))
;;|     ·                ────┬───
;;|     ·                    ╰── not known here
;;|  15 │ (f 1)
;;|     ╰────
;;|   help: define it, or use the module that does with (use-modules …)

(define (f x) (zzqqwwxx x))
(f 1)
