;; The path of a file of /etc is relative to it.
;; search: systems/lib
;; error:
;;| fruix::eval::invalid-field
;;|   × the field `path` of `etc-file` is invalid
;;|     ╭─[systems/etc-absolute.scm:21:70]
;;|  20 │
;;|  21 │ (system (simple-service 'motd etc-service-type (list (etc-file (path "/etc/motd.template") (content "Hello\n")))))
;;|     ·                                                                      ──────────┬─────────
;;|     ·                                                                                ╰── leave out `/etc/`: the path is relative to it
;;|     ╰────

(use-modules (fruix system) (fruix services) (fruix services base) (tower))

(define (system . services)
  (operating-system (host-name "tower")
                    (base base)
                    (file-systems (list root))
                    (services (append services %base-services))))

(system (simple-service 'motd etc-service-type (list (etc-file (path "/etc/motd.template") (content "Hello\n")))))
