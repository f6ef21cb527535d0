;; One account declared twice.
;; error:
;;| fruix::eval::inconsistent
;;|   × the account `ada` is declared twice
;;|     ╭─[systems/duplicate-user.scm:28:63]
;;|  27 │  (file-systems (list root))
;;|  28 │  (users (list (user-account (name "ada")) (user-account (name "ada") (shell "/bin/tcsh")))))
;;|     ·                                   ──┬──                       ──┬──
;;|     ·                                     │                           ╰── again here
;;|     ·                                     ╰── first here
;;|     ╰────
;;|   help: give one of them another name

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
 (users (list (user-account (name "ada")) (user-account (name "ada") (shell "/bin/tcsh")))))
