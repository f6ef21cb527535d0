;; Local file empty.
;; error:
;;|   × expected a path, got the empty string
;;|     ╭─[systems/local-file-empty.scm:12:1]
;;|  11 │ (use-modules (fruix store))
;;|  12 │ (local-file "")
;;|     · ───────┬───────
;;|     ·        ╰── here
;;|     ╰────

(use-modules (fruix store))
(local-file "")
