;; Services record.
;; search: systems/lib
;; error:
;;| fruix::eval::field-type
;;|   × the field `services` of `operating-system` cannot be a `service-record` record
;;|     ╭─[systems/services-record.scm:19:12]
;;|  18 │  (file-systems (list (file-system (label "root") (mount-point "/"))))
;;|  19 │  (services (service openssh-service-type)))
;;|     ·            ───────────────┬──────────────
;;|     ·                           ╰── expected a list, each element a `service-record` record
;;|     ╰────

(use-modules (fruix system) (fruix file-systems) (fruix services) (fruix services ssh) (tower))

(operating-system
 (host-name "tower")
 (base base)
 (file-systems (list (file-system (label "root") (mount-point "/"))))
 (services (service openssh-service-type)))
