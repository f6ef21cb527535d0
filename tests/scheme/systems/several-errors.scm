;; Several independent errors at once.
;; search: systems/lib
;; error:
;;| fruix::eval::invalid-field
;;|   × the field `host-name` of `operating-system` is invalid
;;|     ╭─[systems/several-errors.scm:25:13]
;;|  24 │ (operating-system
;;|  25 │  (host-name "tower-")
;;|     ·             ────┬───
;;|     ·                 ╰── a host name is made of letters, digits, `-` and `.`, and begins and ends with a letter or digit
;;|  26 │  (base base)
;;|     ╰────
;;| Error: fruix::eval::invalid-field
;;|   × the field `shell` of `user-account` is invalid
;;|     ╭─[systems/several-errors.scm:28:49]
;;|  27 │  (file-systems (list (file-system (label "a b") (mount-point "/"))))
;;|  28 │  (users (list (user-account (name "ada") (shell "sh")))))
;;|     ·                                                 ──┬─
;;|     ·                                                   ╰── expected an absolute path
;;|     ╰────

(use-modules (fruix system) (fruix accounts) (fruix file-systems) (tower))

(operating-system
 (host-name "tower-")
 (base base)
 (file-systems (list (file-system (label "a b") (mount-point "/"))))
 (users (list (user-account (name "ada") (shell "sh")))))
