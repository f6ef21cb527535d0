;; A name that no account can have.
;; search: systems/lib
;; error:
;;| fruix::eval::invalid-field
;;|   × the field `name` of `user-account` is invalid
;;|     ╭─[systems/user-name.scm:15:21]
;;|  14 │
;;|  15 │ (user-account (name "ada:lovelace"))
;;|     ·                     ───────┬──────
;;|     ·                            ╰── an account's name has at most 32 letters, digits and `_-.`, with a letter or `_` first
;;|     ╰────

(use-modules (fruix system) (fruix accounts) (tower))

(user-account (name "ada:lovelace"))
