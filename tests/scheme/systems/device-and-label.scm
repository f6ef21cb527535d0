;; A device and a label.
;; error:
;;| fruix::eval::inconsistent
;;|   × this file system has both a device and a label
;;|     ╭─[systems/device-and-label.scm:26:65]
;;|  25 │  (base base)
;;|  26 │  (file-systems (list (file-system (device "/dev/ada0p2") (label "root") (mount-point "/")))))
;;|     ·                                                                 ───┬──
;;|     ·                                                                    ╰── which of the two?
;;|     ╰────
;;|   help: remove one

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
 (file-systems (list (file-system (device "/dev/ada0p2") (label "root") (mount-point "/")))))
