;; Service type bare.
;; search: systems/lib
;; error:
;;| fruix::eval::field-type
;;|   × the field `services` of `operating-system` holds a `service-type` record
;;|     ╭─[systems/service-type-bare.scm:19:18]
;;|  18 │  (file-systems (list (file-system (label "root") (mount-point "/"))))
;;|  19 │  (services (list openssh-service-type)))
;;|     ·                  ──────────┬─────────
;;|     ·                            ╰── expected a `service-record` record
;;|     ╰────

(use-modules (fruix system) (fruix file-systems) (fruix services ssh) (tower))

(operating-system
 (host-name "tower")
 (base base)
 (file-systems (list (file-system (label "root") (mount-point "/"))))
 (services (list openssh-service-type)))
