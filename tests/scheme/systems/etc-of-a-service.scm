;; A file that a service brings already.
;; search: systems/lib
;; error:
;;| fruix::eval::inconsistent
;;|   × two files of the system are called `ssh/sshd_config`
;;|     ╭─[systems/etc-of-a-service.scm:23:70]
;;|  22 │ (system (service openssh-service-type)
;;|  23 │         (simple-service 'mine etc-service-type (list (etc-file (path "ssh/sshd_config") (content "Port 2\n")))))
;;|     ·                                                                      ────────┬────────
;;|     ·                                                                              ╰── again here
;;|     ╰────
;;|   help: leave one out, or give it another path; `modify-service` changes what services bring

(use-modules (fruix system) (fruix services) (fruix services base) (fruix services ssh) (tower))

(define (system . services)
  (operating-system (host-name "tower")
                    (base base)
                    (file-systems (list root))
                    (services (append services %base-services))))

(system (service openssh-service-type)
        (simple-service 'mine etc-service-type (list (etc-file (path "ssh/sshd_config") (content "Port 2\n")))))
