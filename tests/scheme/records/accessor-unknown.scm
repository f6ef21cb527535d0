;; Accessor unknown.
;; error:
;;|   × `user-account-nam` is not defined
;;|     ╭─[records/accessor-unknown.scm:13:2]
;;|  12 │ (use-modules (fruix accounts))
;;|  13 │ (user-account-nam (user-account (name "ada")))
;;|     ·  ────────┬───────
;;|     ·          ╰── not known here
;;|     ╰────
;;|   help: did you mean `user-account-name`?

(use-modules (fruix accounts))
(user-account-nam (user-account (name "ada")))
