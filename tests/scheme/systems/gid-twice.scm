;; Gid twice.
;; search: systems/lib
;; error:
;;| fruix::eval::inconsistent
;;|   × the groups `x` and `y` have one gid, 5000
;;|     ╭─[systems/gid-twice.scm:21:79]
;;|  20 │  (file-systems (list (file-system (label "root") (mount-point "/"))))
;;|  21 │  (groups (list (user-group (name "x") (gid 5000)) (user-group (name "y") (gid 5000)))))
;;|     ·                                            ──┬─                               ──┬─
;;|     ·                                              │                                  ╰── again here
;;|     ·                                              ╰── first here
;;|     ╰────
;;|   help: give one of them another gid

(use-modules (fruix system) (fruix accounts) (fruix file-systems) (tower))

(operating-system
 (host-name "tower")
 (base base)
 (file-systems (list (file-system (label "root") (mount-point "/"))))
 (groups (list (user-group (name "x") (gid 5000)) (user-group (name "y") (gid 5000)))))
