;; Append record.
;; error:
;;| fruix::eval::field-type
;;|   × the field `services` of `operating-system` cannot be a pair with records
;;|     ╭─[systems/append-record.scm:25:13]
;;|  24 │  (file-systems (list (file-system (label "root") (mount-point "/"))))
;;|  25 │  (services (append %base-services (service openssh-service-type))))
;;|     ·             ─────────────────────────┬─────────────────────────
;;|     ·                                      ╰── expected a list, each element a `service-record` record
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
 (services (append %base-services (service openssh-service-type))))
