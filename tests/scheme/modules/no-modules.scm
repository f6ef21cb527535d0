;; No module named.
;; error:
;;| fruix::eval::malformed-import
;;|   × `use-modules` names no module
;;|     ╭─[modules/no-modules.scm:13:1]
;;|  12 │
;;|  13 │ (use-modules)
;;|     · ─────────────
;;|  14 │ 1
;;|     ╰────
;;|   help: write (use-modules (fruix system))

(use-modules)
1
