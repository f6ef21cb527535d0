;; Record for list.
;; search: systems/lib
;; error:
;;| fruix::eval::field-type
;;|   × the field `users` of `operating-system` cannot be a `user-account` record
;;|     ╭─[systems/record-for-list.scm:19:10]
;;|  18 │  (file-systems (list (file-system (label "root") (mount-point "/"))))
;;|  19 │  (users (user-account (name "ada"))))
;;|     ·          ────────────┬───────────
;;|     ·                      ╰── expected a list, each element a `user-account` record
;;|     ╰────

(use-modules (fruix system) (fruix accounts) (fruix file-systems) (tower))

(operating-system
 (host-name "tower")
 (base base)
 (file-systems (list (file-system (label "root") (mount-point "/"))))
 (users (user-account (name "ada"))))
