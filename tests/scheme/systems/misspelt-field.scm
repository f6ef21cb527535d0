;; A misspelt field.
;; search: systems/lib
;; error:
;;| fruix::eval::unknown-field
;;|   × `operating-system` has no field `hostname`
;;|     ╭─[systems/misspelt-field.scm:16:20]
;;|  15 │
;;|  16 │ (operating-system (hostname "tower") (base base) (file-systems (list root)))
;;|     ·                    ────┬───
;;|     ·                        ╰── unknown field
;;|     ╰────
;;|   help: did you mean `host-name`?

(use-modules (fruix system) (tower))

(operating-system (hostname "tower") (base base) (file-systems (list root)))
