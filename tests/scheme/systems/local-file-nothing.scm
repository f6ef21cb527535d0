;; Local file nothing.
;; error:
;;| fruix::eval::failed
;;|   × `local-file` expected 1 argument, found 0
;;|     ╭─[systems/local-file-nothing.scm:13:1]
;;|  12 │ (use-modules (fruix store))
;;|  13 │ (local-file)
;;|     · ──────┬─────
;;|     ·       ╰── here
;;|     ╰────

(use-modules (fruix store))
(local-file)
