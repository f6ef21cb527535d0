;; Local file empty.
;; error:
;;| fruix::eval::failed
;;|   × expected a path, got the empty string
;;|     ╭─[systems/local-file-empty.scm:13:1]
;;|  12 │ (use-modules (fruix store))
;;|  13 │ (local-file "")
;;|     · ───────┬───────
;;|     ·        ╰── here
;;|     ╰────

(use-modules (fruix store))
(local-file "")
