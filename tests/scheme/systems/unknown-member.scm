;; A member of a group who has no account.
;; error:
;;| fruix::eval::inconsistent
;;|   × there is no account `nobody-knows`
;;|     ╭─[systems/unknown-member.scm:27:53]
;;|  26 │  (file-systems (list root))
;;|  27 │  (groups (list (user-group (name "team") (members '("nobody-knows"))))))
;;|     ·                                                     ───────┬──────
;;|     ·                                                            ╰── a member of this group
;;|     ╰────
;;|   help: declare it with `user-account`

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
 (groups (list (user-group (name "team") (members '("nobody-knows"))))))
