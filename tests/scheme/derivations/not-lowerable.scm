;; Building what cannot be built.
;; error:
;;|   × this value cannot be built: 5
;;|     ╭─[derivations/not-lowerable.scm:12:1]
;;|  11 │ (use-modules (fruix records))
;;|  12 │ (lower 5)
;;|     · ────┬────
;;|     ·     ╰── here
;;|     ╰────

(use-modules (fruix records))
(lower 5)
