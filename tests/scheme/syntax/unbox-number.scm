;; No box.
;; error:
;;|   × `unbox` expected a box, found 5
;;|     ╭─[syntax/unbox-number.scm:11:1]
;;|  10 │
;;|  11 │ (unbox 5)
;;|     · ────┬────
;;|     ·     ╰── here
;;|     ╰────

(unbox 5)
