;; Two accounts with one uid.
;; error:
;;| fruix::eval::inconsistent
;;|   × the accounts `ada` and `bob` have one uid, 1001
;;|     ╭─[systems/two-users-one-uid.scm:31:47]
;;|  29 │  (file-systems (list root))
;;|  30 │  (users (list (user-account (name "ada") (uid 1001))
;;|     ·                                               ──┬─
;;|     ·                                                 ╰── first here
;;|  31 │               (user-account (name "bob") (uid 1001)))))
;;|     ·                                               ──┬─
;;|     ·                                                 ╰── again here
;;|     ╰────
;;|   help: give one of them another uid

(use-modules (fruix system) (fruix accounts) (fruix file-systems) (fruix services) (fruix services base)
             (fruix services networking) (fruix services ssh) (fruix freebsd base) (fruix freebsd source)
             (fruix freebsd world) (fruix freebsd kernel))

(define base
  (freebsd-base (version "13.2") (world (installed-freebsd (path "/"))) (kernel (installed-freebsd (path "/")))))

(define root
  (file-system (label "root") (mount-point "/")))

(operating-system
 (host-name "tower")
 (base base)
 (file-systems (list root))
 (users (list (user-account (name "ada") (uid 1001))
              (user-account (name "bob") (uid 1001)))))
