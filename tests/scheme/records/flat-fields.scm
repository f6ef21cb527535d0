;; Flat fields.
;; error:
;;|   × `user-account` takes fields, not the symbol name
;;|     ╭─[records/flat-fields.scm:20:15]
;;|  19 │ (use-modules (fruix accounts))
;;|  20 │ (user-account name "ada")
;;|     ·               ──┬─
;;|     ·                 ╰── expected (field value)
;;|     ╰────
;;| Error:
;;|   × `user-account` takes fields, not the string "ada"
;;|     ╭─[records/flat-fields.scm:20:20]
;;|  19 │ (use-modules (fruix accounts))
;;|  20 │ (user-account name "ada")
;;|     ·                    ──┬──
;;|     ·                      ╰── expected (field value)
;;|     ╰────

(use-modules (fruix accounts))
(user-account name "ada")
