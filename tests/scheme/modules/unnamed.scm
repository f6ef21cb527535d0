;; A name of a module that another one uses, and the file does not.
;; error:
;;| fruix::eval::unbound-name
;;|   × `plain-file` is not defined
;;|     ╭─[modules/unnamed.scm:14:2]
;;|  13 │ (use-modules (fruix system))
;;|  14 │ (plain-file "a" "b")
;;|     ·  ─────┬────
;;|     ·       ╰── not known here
;;|     ╰────
;;|   help: it is part of (fruix store): add (use-modules (fruix store)) at the top

(use-modules (fruix system))
(plain-file "a" "b")
