;; Local file number.
;; error:
;;|   × expected a path, got the integer 5
;;|     ╭─[systems/local-file-number.scm:12:1]
;;|  11 │ (use-modules (fruix store))
;;|  12 │ (local-file 5)
;;|     · ───────┬──────
;;|     ·        ╰── here
;;|     ╰────

(use-modules (fruix store))
(local-file 5)
