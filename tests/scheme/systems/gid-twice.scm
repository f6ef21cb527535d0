;; Gid twice.
;; error:
;;| fruix::eval::inconsistent
;;|   × the groups `x` and `y` have one gid, 5000
;;|     ╭─[systems/gid-twice.scm:27:79]
;;|  26 │  (file-systems (list (file-system (label "root") (mount-point "/"))))
;;|  27 │  (groups (list (user-group (name "x") (gid 5000)) (user-group (name "y") (gid 5000)))))
;;|     ·                                            ──┬─                               ──┬─
;;|     ·                                              │                                  ╰── again here
;;|     ·                                              ╰── first here
;;|     ╰────
;;|   help: give one of them another gid

(use-modules (fruix system) (fruix accounts) (fruix file-systems) (fruix services) (fruix services base)
             (fruix services networking) (fruix services ssh) (fruix freebsd base) (fruix freebsd source)
             (fruix freebsd world) (fruix freebsd kernel) (fruix store))

(define base
  (freebsd-base (version "13.2")
                (world (installed-freebsd (path "/")))
                (kernel (installed-freebsd (path "/")))))

(operating-system
 (host-name "tower")
 (base base)
 (file-systems (list (file-system (label "root") (mount-point "/"))))
 (groups (list (user-group (name "x") (gid 5000)) (user-group (name "y") (gid 5000)))))
