;; Service value other.
;; error:
;;| fruix::eval::failed
;;|   × the service `openssh` takes an `openssh-configuration` record
;;|     ╭─[systems/service-value-other.scm:25:18]
;;|  24 │  (file-systems (list (file-system (label "root") (mount-point "/"))))
;;|  25 │  (services (cons (service openssh-service-type (dhcp-client-configuration)) %base-services)))
;;|     ·                  ─────────────────────────────┬────────────────────────────
;;|     ·                                               ╰── here
;;|     ╰────

(use-modules (fruix system) (fruix accounts) (fruix file-systems) (fruix services) (fruix services base)
             (fruix services networking) (fruix services ssh) (fruix freebsd base) (fruix freebsd source)
             (fruix freebsd world) (fruix freebsd kernel) (fruix store))

(define base
  (freebsd-base (version "13.2")
                (world (installed-freebsd (path "/")))
                (kernel (installed-freebsd (path "/")))))

(operating-system
 (host-name "tower")
 (base base)
 (file-systems (list (file-system (label "root") (mount-point "/"))))
 (services (cons (service openssh-service-type (dhcp-client-configuration)) %base-services)))
