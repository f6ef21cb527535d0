;; One account declared twice.
;; search: systems/lib
;; error:
;;| fruix::eval::inconsistent
;;|   × the account `ada` is declared twice
;;|     ╭─[systems/duplicate-user.scm:21:63]
;;|  20 │  (file-systems (list root))
;;|  21 │  (users (list (user-account (name "ada")) (user-account (name "ada") (shell "/bin/tcsh")))))
;;|     ·                                   ──┬──                       ──┬──
;;|     ·                                     │                           ╰── again here
;;|     ·                                     ╰── first here
;;|     ╰────
;;|   help: give one of them another name

(use-modules (fruix system) (fruix accounts) (tower))

(operating-system
 (host-name "tower")
 (base base)
 (file-systems (list root))
 (users (list (user-account (name "ada")) (user-account (name "ada") (shell "/bin/tcsh")))))
