;; Shell bash.
;; search: systems/lib
;; error:
;;| fruix::eval::invalid-field
;;|   × the field `shell` of `user-account` is invalid
;;|     ╭─[systems/shell-bash.scm:19:49]
;;|  18 │  (file-systems (list (file-system (label "root") (mount-point "/"))))
;;|  19 │  (users (list (user-account (name "ada") (shell "/bin/bash")))))
;;|     ·                                                 ─────┬─────
;;|     ·                                                      ╰── FreeBSD has no /bin/bash: its shells are /bin/sh, /bin/csh and /bin/tcsh; a package has /usr/local/bin/bash
;;|     ╰────

(use-modules (fruix system) (fruix accounts) (fruix file-systems) (tower))

(operating-system
 (host-name "tower")
 (base base)
 (file-systems (list (file-system (label "root") (mount-point "/"))))
 (users (list (user-account (name "ada") (shell "/bin/bash")))))
