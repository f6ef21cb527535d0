;; A module like no other.
;; error:
;;|   × there is no module my/own/services.scm
;;|     ╭─[modules/missing-far.scm:13:14]
;;|  12 │
;;|  13 │ (use-modules (my own services))
;;|     ·              ────────┬────────
;;|     ·                      ╰── not found in Fruix itself, modules
;;|  14 │ 1
;;|     ╰────
;;|   help: name a directory that has it with -L DIR

(use-modules (my own services))
1
