;; Flat fields.
;; error:
;;| fruix::eval::malformed-field
;;|   × `user-account` takes fields, not the symbol name
;;|     ╭─[records/flat-fields.scm:21:15]
;;|  20 │ (use-modules (fruix accounts))
;;|  21 │ (user-account name "ada")
;;|     ·               ──┬─
;;|     ·                 ╰── expected (field value)
;;|     ╰────
;;| Error: fruix::eval::malformed-field
;;|   × `user-account` takes fields, not the string "ada"
;;|     ╭─[records/flat-fields.scm:21:20]
;;|  20 │ (use-modules (fruix accounts))
;;|  21 │ (user-account name "ada")
;;|     ·                    ──┬──
;;|     ·                      ╰── expected (field value)
;;|     ╰────

(use-modules (fruix accounts))
(user-account name "ada")
