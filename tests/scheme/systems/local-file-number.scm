;; Local file number.
;; error:
;;| fruix::eval::failed
;;|   × expected a path, got the integer 5
;;|     ╭─[systems/local-file-number.scm:13:1]
;;|  12 │ (use-modules (fruix store))
;;|  13 │ (local-file 5)
;;|     · ───────┬──────
;;|     ·        ╰── here
;;|     ╰────

(use-modules (fruix store))
(local-file 5)
