;; A group that nobody declares.
;; search: systems/lib
;; error:
;;| fruix::eval::inconsistent
;;|   × there is no group `whell`
;;|     ╭─[systems/unknown-group.scm:20:64]
;;|  19 │  (file-systems (list root))
;;|  20 │  (users (list (user-account (name "ada") (supplementary-groups '("wheel" "whell"))))))
;;|     ·                                                                ─────────┬────────
;;|     ·                                                                         ╰── a group of `ada`
;;|     ╰────
;;|   help: declare it in `groups`: (user-group (name "whell"))

(use-modules (fruix system) (fruix accounts) (tower))

(operating-system
 (host-name "tower")
 (base base)
 (file-systems (list root))
 (users (list (user-account (name "ada") (supplementary-groups '("wheel" "whell"))))))
