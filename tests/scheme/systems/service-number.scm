;; Service number.
;; search: systems/lib
;; error:
;;| fruix::eval::failed
;;|   × service-type-default-value: expected a `service-type` record, got the integer 5
;;|     ╭─[systems/service-number.scm:19:18]
;;|  18 │  (file-systems (list (file-system (label "root") (mount-point "/"))))
;;|  19 │  (services (list (service 5))))
;;|     ·                  ─────┬─────
;;|     ·                       ╰── here
;;|     ╰────

(use-modules (fruix system) (fruix file-systems) (fruix services) (tower))

(operating-system
 (host-name "tower")
 (base base)
 (file-systems (list (file-system (label "root") (mount-point "/"))))
 (services (list (service 5))))
