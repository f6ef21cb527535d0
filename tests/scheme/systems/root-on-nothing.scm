;; A root that no partition carries.
;; error:
;;| fruix::eval::inconsistent
;;|   × no partition carries the root file system `tank/root`
;;|     ╭─[systems/root-on-nothing.scm:26:43]
;;|  25 │  (base base)
;;|  26 │  (file-systems (list (file-system (device "tank/root") (mount-point "/")))))
;;|     ·                                           ─────┬─────
;;|     ·                                                ╰── expected a device below /dev
;;|     ╰────
;;|   help: name it by label, as in (label "fruix-root"): images label their root so

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
 (file-systems (list (file-system (device "tank/root") (mount-point "/")))))
