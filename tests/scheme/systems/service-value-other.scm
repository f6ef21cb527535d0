;; Service value other.
;; search: systems/lib
;; error:
;;| fruix::eval::failed
;;|   × the service `openssh` takes an `openssh-configuration` record
;;|     ╭─[systems/service-value-other.scm:20:18]
;;|  19 │  (file-systems (list (file-system (label "root") (mount-point "/"))))
;;|  20 │  (services (cons (service openssh-service-type (dhcp-client-configuration)) %base-services)))
;;|     ·                  ─────────────────────────────┬────────────────────────────
;;|     ·                                               ╰── here
;;|     ╰────

(use-modules (fruix system) (fruix file-systems) (fruix services) (fruix services base)
             (fruix services networking) (fruix services ssh) (tower))

(operating-system
 (host-name "tower")
 (base base)
 (file-systems (list (file-system (label "root") (mount-point "/"))))
 (services (cons (service openssh-service-type (dhcp-client-configuration)) %base-services)))
