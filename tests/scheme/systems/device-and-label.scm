;; A device and a label.
;; search: systems/lib
;; error:
;;| fruix::eval::inconsistent
;;|   × this file system has both a device and a label
;;|     ╭─[systems/device-and-label.scm:19:65]
;;|  18 │  (base base)
;;|  19 │  (file-systems (list (file-system (device "/dev/ada0p2") (label "root") (mount-point "/")))))
;;|     ·                                                                 ───┬──
;;|     ·                                                                    ╰── which of the two?
;;|     ╰────
;;|   help: remove one

(use-modules (fruix system) (fruix file-systems) (tower))

(operating-system
 (host-name "tower")
 (base base)
 (file-systems (list (file-system (device "/dev/ada0p2") (label "root") (mount-point "/")))))
