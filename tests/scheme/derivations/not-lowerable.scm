;; Building what cannot be built.
;; error:
;;| fruix::eval::failed
;;|   × this value cannot be built: 5
;;|     ╭─[derivations/not-lowerable.scm:13:1]
;;|  12 │ (use-modules (fruix records))
;;|  13 │ (lower 5)
;;|     · ────┬────
;;|     ·     ╰── here
;;|     ╰────

(use-modules (fruix records))
(lower 5)
