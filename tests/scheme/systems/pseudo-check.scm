;; A check of a file system without a disk stops the boot.
;; search: systems/lib
;; error:
;;| fruix::eval::inconsistent
;;|   × `tmpfs` has no disk that fsck could check
;;|     ╭─[systems/pseudo-check.scm:19:102]
;;|  18 │  (base base)
;;|  19 │  (file-systems (list root (file-system (device "tmpfs") (type "tmpfs") (mount-point "/data") (check? #t)))))
;;|     ·                                                                                                      ─┬
;;|     ·                                                                                                       ╰── this would stop the boot
;;|     ╰────
;;|   help: remove it

(use-modules (fruix system) (fruix file-systems) (tower))

(operating-system
 (host-name "tower")
 (base base)
 (file-systems (list root (file-system (device "tmpfs") (type "tmpfs") (mount-point "/data") (check? #t)))))
