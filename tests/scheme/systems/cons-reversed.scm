;; Cons reversed.
;; search: systems/lib
;; error:
;;| fruix::eval::field-type
;;|   × the field `services` of `operating-system` cannot be a pair with records
;;|     ╭─[systems/cons-reversed.scm:20:13]
;;|  19 │  (file-systems (list (file-system (label "root") (mount-point "/"))))
;;|  20 │  (services (cons %base-services (service openssh-service-type))))
;;|     ·             ────────────────────────┬────────────────────────
;;|     ·                                     ╰── expected a list, each element a `service-record` record
;;|     ╰────

(use-modules (fruix system) (fruix file-systems) (fruix services) (fruix services base)
             (fruix services ssh) (tower))

(operating-system
 (host-name "tower")
 (base base)
 (file-systems (list (file-system (label "root") (mount-point "/"))))
 (services (cons %base-services (service openssh-service-type))))
