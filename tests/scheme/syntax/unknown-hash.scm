;; Unknown hash.
;; error:
;;|   × `#foo` is not defined
;;|     ╭─[syntax/unknown-hash.scm:12:7]
;;|  11 │
;;|  12 │ (list #foo)
;;|     ·       ──┬─
;;|     ·         ╰── not known here
;;|     ╰────
;;|   help: define it, or use the module that does with (use-modules …)

(list #foo)
