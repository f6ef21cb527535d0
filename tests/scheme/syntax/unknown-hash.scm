;; Unknown hash.
;; error:
;;| fruix::eval::unbound-name
;;|   × `#foo` is not defined
;;|     ╭─[syntax/unknown-hash.scm:13:7]
;;|  12 │
;;|  13 │ (list #foo)
;;|     ·       ──┬─
;;|     ·         ╰── not known here
;;|     ╰────
;;|   help: define it, or use the module that does with (use-modules …)

(list #foo)
