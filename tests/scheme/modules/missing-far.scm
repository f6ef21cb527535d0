;; A module like no other.
;; error:
;;| fruix::eval::unknown-module
;;|   × there is no module my/own/services.scm
;;|     ╭─[modules/missing-far.scm:14:14]
;;|  13 │
;;|  14 │ (use-modules (my own services))
;;|     ·              ────────┬────────
;;|     ·                      ╰── not found in Fruix itself, modules
;;|  15 │ 1
;;|     ╰────
;;|   help: name a directory that has it with -L DIR

(use-modules (my own services))
1
