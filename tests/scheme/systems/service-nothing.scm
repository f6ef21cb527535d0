;; Service nothing.
;; search: systems/lib
;; error:
;;| fruix::eval::wrong-arguments
;;|   × `service` expected at least 1 argument, found 0
;;|     ╭─[systems/service-nothing.scm:19:18]
;;|  18 │  (file-systems (list (file-system (label "root") (mount-point "/"))))
;;|  19 │  (services (list (service))))
;;|     ·                  ────┬────
;;|     ·                      ╰── in this call
;;|     ╰────

(use-modules (fruix system) (fruix file-systems) (fruix services) (tower))

(operating-system
 (host-name "tower")
 (base base)
 (file-systems (list (file-system (label "root") (mount-point "/"))))
 (services (list (service))))
