;; No root file system.
;; error:
;;| fruix::eval::inconsistent
;;|   × the system has no root file system
;;|     ╭─[systems/no-root.scm:26:17]
;;|  25 │  (base base)
;;|  26 │  (file-systems (list (file-system (label "data") (mount-point "/data")))))
;;|     ·                 ──────────────────────────┬──────────────────────────
;;|     ·                                           ╰── none of these is mounted at `/`
;;|     ╰────
;;|   help: add (file-system (label "fruix-root") (mount-point "/"))

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
 (file-systems (list (file-system (label "data") (mount-point "/data")))))
