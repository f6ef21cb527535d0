;; The path of a file of /etc is relative to it.
;; error:
;;| fruix::eval::invalid-field
;;|   × the field `path` of `etc-file` is invalid
;;|     ╭─[systems/etc-absolute.scm:24:70]
;;|  23 │
;;|  24 │ (system (simple-service 'motd etc-service-type (list (etc-file (path "/etc/motd.template") (content "Hello\n")))))
;;|     ·                                                                      ──────────┬─────────
;;|     ·                                                                                ╰── leave out `/etc/`: the path is relative to it
;;|     ╰────

(use-modules (fruix system) (fruix file-systems) (fruix services) (fruix services base) (fruix services ssh) (fruix store)
             (fruix freebsd base))

(define base
  (freebsd-base (version "13.2") (world (installed-freebsd (path "/"))) (kernel (installed-freebsd (path "/")))))

(define (system . services)
  (operating-system (host-name "tower")
                    (base base)
                    (file-systems (list (file-system (label "root") (mount-point "/"))))
                    (services (append services %base-services))))

(system (simple-service 'motd etc-service-type (list (etc-file (path "/etc/motd.template") (content "Hello\n")))))
