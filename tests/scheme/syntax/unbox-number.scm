;; No box.
;; error:
;;| fruix::eval::wrong-type
;;|   × `unbox` expected a box, found 5
;;|     ╭─[syntax/unbox-number.scm:12:1]
;;|  11 │
;;|  12 │ (unbox 5)
;;|     · ────┬────
;;|     ·     ╰── here
;;|     ╰────

(unbox 5)
