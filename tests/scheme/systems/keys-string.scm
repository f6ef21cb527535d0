;; Keys string.
;; search: systems/lib
;; error:
;;| fruix::eval::field-type
;;|   × the field `authorized-keys` of `user-account` cannot be the string "ssh-ed25519 AAAA ada"
;;|     ╭─[systems/keys-string.scm:19:59]
;;|  18 │  (file-systems (list (file-system (label "root") (mount-point "/"))))
;;|  19 │  (users (list (user-account (name "ada") (authorized-keys "ssh-ed25519 AAAA ada")))))
;;|     ·                                                           ───────────┬──────────
;;|     ·                                                                      ╰── expected a list, each element a string or a file-like object, such as (local-file "…") or (plain-file "name" "text")
;;|     ╰────

(use-modules (fruix system) (fruix accounts) (fruix file-systems) (tower))

(operating-system
 (host-name "tower")
 (base base)
 (file-systems (list (file-system (label "root") (mount-point "/"))))
 (users (list (user-account (name "ada") (authorized-keys "ssh-ed25519 AAAA ada")))))
