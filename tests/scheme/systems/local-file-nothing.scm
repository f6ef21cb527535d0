;; Local file nothing.
;; error:
;;|   × `local-file` expected 1 argument, found 0
;;|     ╭─[systems/local-file-nothing.scm:12:1]
;;|  11 │ (use-modules (fruix store))
;;|  12 │ (local-file)
;;|     · ──────┬─────
;;|     ·       ╰── here
;;|     ╰────

(use-modules (fruix store))
(local-file)
