;; A check of a file system without a disk stops the boot.
;; error:
;;| fruix::eval::inconsistent
;;|   × `tmpfs` has no disk that fsck could check
;;|     ╭─[systems/pseudo-check.scm:26:102]
;;|  25 │  (base base)
;;|  26 │  (file-systems (list root (file-system (device "tmpfs") (type "tmpfs") (mount-point "/data") (check? #t)))))
;;|     ·                                                                                                      ─┬
;;|     ·                                                                                                       ╰── this would stop the boot
;;|     ╰────
;;|   help: remove it

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
 (file-systems (list root (file-system (device "tmpfs") (type "tmpfs") (mount-point "/data") (check? #t)))))
