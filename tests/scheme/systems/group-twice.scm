;; Group twice.
;; search: systems/lib
;; error:
;;| fruix::eval::inconsistent
;;|   × the group `x` is declared twice
;;|     ╭─[systems/group-twice.scm:21:69]
;;|  20 │  (file-systems (list (file-system (label "root") (mount-point "/"))))
;;|  21 │  (groups (list (user-group (name "x") (gid 5000)) (user-group (name "x") (gid 5001)))))
;;|     ·                                  ─┬─                                ─┬─
;;|     ·                                   │                                  ╰── again here
;;|     ·                                   ╰── first here
;;|     ╰────
;;|   help: give one of them another name

(use-modules (fruix system) (fruix accounts) (fruix file-systems) (tower))

(operating-system
 (host-name "tower")
 (base base)
 (file-systems (list (file-system (label "root") (mount-point "/"))))
 (groups (list (user-group (name "x") (gid 5000)) (user-group (name "x") (gid 5001)))))
