;; No module named.
;; error:
;;|   × `use-modules` names no module
;;|     ╭─[modules/no-modules.scm:12:1]
;;|  11 │
;;|  12 │ (use-modules)
;;|     · ─────────────
;;|  13 │ 1
;;|     ╰────
;;|   help: write (use-modules (fruix system))

(use-modules)
1
