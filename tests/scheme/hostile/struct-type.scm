;; Structures of Steel's own kind.
;; error:
;;|   × make-struct-type: not available, because a declaration must mean the same everywhere and always
;;|     ╭─[hostile/struct-type.scm:11:1]
;;|  10 │
;;|  11 │ (make-struct-type 'a -1)
;;|     · ────────────┬───────────
;;|     ·             ╰── here
;;|     ╰────

(make-struct-type 'a -1)
