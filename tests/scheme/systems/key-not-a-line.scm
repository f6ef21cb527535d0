;; A key that is no line of a .pub file.
;; search: systems/lib
;; error:
;;| fruix::eval::invalid-field
;;|   × the field `authorized-keys` of `user-account` is invalid
;;|     ╭─[systems/key-not-a-line.scm:15:45]
;;|  14 │
;;|  15 │ (user-account (name "ada") (authorized-keys (list "AAAAC3NzaC1lZDI1NTE5AAAAI")))
;;|     ·                                             ─────────────────┬────────────────
;;|     ·                                                              ╰── expected a line of a .pub file: a type, the key, and usually a comment
;;|     ╰────

(use-modules (fruix system) (fruix accounts) (tower))

(user-account (name "ada") (authorized-keys (list "AAAAC3NzaC1lZDI1NTE5AAAAI")))
