;; A module that does not exist.
;; error:
;;| fruix::eval::unknown-module
;;|   × there is no module fruix/systm.scm
;;|     ╭─[modules/missing.scm:14:14]
;;|  13 │
;;|  14 │ (use-modules (fruix systm))
;;|     ·              ──────┬──────
;;|     ·                    ╰── not found in Fruix itself, modules
;;|  15 │ 1
;;|     ╰────
;;|   help: did you mean (fruix system)?

(use-modules (fruix systm))
1
