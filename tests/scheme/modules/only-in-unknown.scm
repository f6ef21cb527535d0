;; The same of a file.
;; error:
;;| fruix::eval::not-provided
;;|   × the module does not provide `nonesuch`
;;|     ╭─[modules/only-in-unknown.scm:14:31]
;;|  13 │
;;|  14 │ (require (only-in "lib/a.scm" nonesuch))
;;|     ·                               ────┬───
;;|     ·                                   ╰── not provided by it
;;|  15 │ nonesuch
;;|     ╰────
;;|   help: look at its (provide …), or at the reference

(require (only-in "lib/a.scm" nonesuch))
nonesuch
