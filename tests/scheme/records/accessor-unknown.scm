;; Accessor unknown.
;; error:
;;| fruix::eval::unbound-name
;;|   × `user-account-nam` is not defined
;;|     ╭─[records/accessor-unknown.scm:14:2]
;;|  13 │ (use-modules (fruix accounts))
;;|  14 │ (user-account-nam (user-account (name "ada")))
;;|     ·  ────────┬───────
;;|     ·          ╰── not known here
;;|     ╰────
;;|   help: did you mean `user-account-name`?

(use-modules (fruix accounts))
(user-account-nam (user-account (name "ada")))
