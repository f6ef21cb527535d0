;; A name of a module that is not used.
;; error:
;;| fruix::eval::unbound-name
;;|   × `plain-file` is not defined
;;|     ╭─[syntax/free-identifier-module.scm:13:2]
;;|  12 │
;;|  13 │ (plain-file "a" "b")
;;|     ·  ─────┬────
;;|     ·       ╰── not known here
;;|     ╰────
;;|   help: it is part of (fruix store): add (use-modules (fruix store)) at the top

(plain-file "a" "b")
