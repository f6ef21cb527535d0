;; A name that was not selected.
;; search: modules/lib
;; error:
;;| fruix::eval::unbound-name
;;|   × `greeting` is not defined
;;|     ╭─[modules/select-hides.scm:16:7]
;;|  15 │
;;|  16 │ (list greeting)
;;|     ·       ────┬───
;;|     ·           ╰── not known here
;;|     ╰────
;;|   help: define it, or use the module that does with (use-modules …)

(use-modules ((mods accounts) #:select (account)))

(list greeting)
