;; Root on device.
;; machine
;; warning:
;;| fruix::eval::inconsistent
;;|   ⚠ no partition of an image carries the root file system `/dev/ada0p2`
;;|     ╭─[systems/root-on-device.scm:27:43]
;;|  26 │  (base base)
;;|  27 │  (file-systems (list (file-system (device "/dev/ada0p2") (mount-point "/")))))
;;|     ·                                           ──────┬──────
;;|     ·                                                 ╰── an image has no such partition
;;|     ╰────
;;|   help: an image has one partition for the root, found by its GPT label: declare it as (file-system (label
;;|         "fruix-root") (mount-point "/"))

(use-modules (fruix system) (fruix accounts) (fruix file-systems) (fruix services) (fruix services base)
             (fruix services networking) (fruix services ssh) (fruix freebsd base) (fruix freebsd source)
             (fruix freebsd world) (fruix freebsd kernel) (fruix store))

(define base
  (freebsd-base (version "13.2")
                (world (installed-freebsd (path "lib/freebsd")))
                (kernel (installed-freebsd (path "lib/freebsd")))))

(operating-system
 (host-name "tower")
 (base base)
 (file-systems (list (file-system (device "/dev/ada0p2") (mount-point "/")))))
