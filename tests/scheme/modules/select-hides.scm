;; A name that was not selected.
;; search: modules/lib
;; error:
;;|   × `greeting` is not defined
;;|     ╭─[modules/select-hides.scm:15:7]
;;|  14 │
;;|  15 │ (list greeting)
;;|     ·       ────┬───
;;|     ·           ╰── not known here
;;|     ╰────
;;|   help: define it, or use the module that does with (use-modules …)

(use-modules ((mods accounts) #:select (account)))

(list greeting)
