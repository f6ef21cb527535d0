;; A module that does not exist.
;; error:
;;|   × there is no module fruix/systm.scm
;;|     ╭─[modules/missing.scm:13:14]
;;|  12 │
;;|  13 │ (use-modules (fruix systm))
;;|     ·              ──────┬──────
;;|     ·                    ╰── not found in Fruix itself, modules
;;|  14 │ 1
;;|     ╰────
;;|   help: did you mean (fruix system)?

(use-modules (fruix systm))
1
