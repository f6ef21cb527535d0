;; A name like no other.
;; error:
;;|   × `zzqqwwxx` is not defined
;;|     ╭─[syntax/free-identifier-far.scm:13:16]
;;|  12 │
;;|  13 │ (define (f x) (zzqqwwxx x))
;;|     ·                ────┬───
;;|     ·                    ╰── not known here
;;|  14 │ (f 1)
;;|     ╰────
;;|   help: define it, or use the module that does with (use-modules …)

(define (f x) (zzqqwwxx x))
(f 1)
