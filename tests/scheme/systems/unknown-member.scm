;; A member of a group who has no account.
;; search: systems/lib
;; error:
;;| fruix::eval::inconsistent
;;|   × there is no account `nobody-knows`
;;|     ╭─[systems/unknown-member.scm:20:53]
;;|  19 │  (file-systems (list root))
;;|  20 │  (groups (list (user-group (name "team") (members '("nobody-knows"))))))
;;|     ·                                                     ───────┬──────
;;|     ·                                                            ╰── a member of this group
;;|     ╰────
;;|   help: declare it with `user-account`

(use-modules (fruix system) (fruix accounts) (tower))

(operating-system
 (host-name "tower")
 (base base)
 (file-systems (list root))
 (groups (list (user-group (name "team") (members '("nobody-knows"))))))
