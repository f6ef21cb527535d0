;; A root that no partition carries.
;; search: systems/lib
;; error:
;;| fruix::eval::inconsistent
;;|   × no partition carries the root file system `tank/root`
;;|     ╭─[systems/root-on-nothing.scm:19:43]
;;|  18 │  (base base)
;;|  19 │  (file-systems (list (file-system (device "tank/root") (mount-point "/")))))
;;|     ·                                           ─────┬─────
;;|     ·                                                ╰── expected a device below /dev
;;|     ╰────
;;|   help: name it by label, as in (label "fruix-root"): images label their root so

(use-modules (fruix system) (fruix file-systems) (tower))

(operating-system
 (host-name "tower")
 (base base)
 (file-systems (list (file-system (device "tank/root") (mount-point "/")))))
