;; The same of a file.
;; error:
;;|   × the module does not provide `nonesuch`
;;|     ╭─[modules/only-in-unknown.scm:13:31]
;;|  12 │
;;|  13 │ (require (only-in "lib/a.scm" nonesuch))
;;|     ·                               ────┬───
;;|     ·                                   ╰── not provided by it
;;|  14 │ nonesuch
;;|     ╰────
;;|   help: look at its (provide …), or at the reference

(require (only-in "lib/a.scm" nonesuch))
nonesuch
