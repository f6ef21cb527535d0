;; `format` makes plain strings, which would forget what they refer to.
;; error:
;;| fruix::eval::failed
;;|   × format: cannot write a store object
;;|     ╭─[library/format-store-path.scm:15:14]
;;|  14 │ (use-modules (fruix strings) (fruix store))
;;|  15 │ (define text (format #f "see ~a" (plain-file "a" "b")))
;;|     ·              ────────────────────┬────────────────────
;;|     ·                                  ╰── here
;;|  16 │ text
;;|     ╰────
;;|   help: use text-append of (fruix store) for what has a store path

(use-modules (fruix strings) (fruix store))
(define text (format #f "see ~a" (plain-file "a" "b")))
text
