;; Two accounts with one uid.
;; search: systems/lib
;; error:
;;| fruix::eval::inconsistent
;;|   × the accounts `ada` and `bob` have one uid, 1001
;;|     ╭─[systems/two-users-one-uid.scm:24:47]
;;|  22 │  (file-systems (list root))
;;|  23 │  (users (list (user-account (name "ada") (uid 1001))
;;|     ·                                               ──┬─
;;|     ·                                                 ╰── first here
;;|  24 │               (user-account (name "bob") (uid 1001)))))
;;|     ·                                               ──┬─
;;|     ·                                                 ╰── again here
;;|     ╰────
;;|   help: give one of them another uid

(use-modules (fruix system) (fruix accounts) (tower))

(operating-system
 (host-name "tower")
 (base base)
 (file-systems (list root))
 (users (list (user-account (name "ada") (uid 1001))
              (user-account (name "bob") (uid 1001)))))
