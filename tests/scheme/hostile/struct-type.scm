;; Structures of Steel's own kind.
;; error:
;;| fruix::eval::failed
;;|   × make-struct-type: not available, because a declaration must mean the same everywhere and always
;;|     ╭─[hostile/struct-type.scm:12:1]
;;|  11 │
;;|  12 │ (make-struct-type 'a -1)
;;|     · ────────────┬───────────
;;|     ·             ╰── here
;;|     ╰────

(make-struct-type 'a -1)
