;; No root file system.
;; search: systems/lib
;; error:
;;| fruix::eval::inconsistent
;;|   × the system has no root file system
;;|     ╭─[systems/no-root.scm:19:17]
;;|  18 │  (base base)
;;|  19 │  (file-systems (list (file-system (label "data") (mount-point "/data")))))
;;|     ·                 ──────────────────────────┬──────────────────────────
;;|     ·                                           ╰── none of these is mounted at `/`
;;|     ╰────
;;|   help: add (file-system (label "fruix-root") (mount-point "/"))

(use-modules (fruix system) (fruix file-systems) (tower))

(operating-system
 (host-name "tower")
 (base base)
 (file-systems (list (file-system (label "data") (mount-point "/data")))))
