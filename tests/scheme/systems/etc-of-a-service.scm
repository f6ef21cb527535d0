;; A file that a service brings already.
;; error:
;;| fruix::eval::inconsistent
;;|   × two files of the system are called `ssh/sshd_config`
;;|     ╭─[systems/etc-of-a-service.scm:26:70]
;;|  25 │ (system (service openssh-service-type)
;;|  26 │         (simple-service 'mine etc-service-type (list (etc-file (path "ssh/sshd_config") (content "Port 2\n")))))
;;|     ·                                                                      ────────┬────────
;;|     ·                                                                              ╰── again here
;;|     ╰────
;;|   help: leave one out, or give it another path; `modify-service` changes what services bring

(use-modules (fruix system) (fruix file-systems) (fruix services) (fruix services base) (fruix services ssh) (fruix store)
             (fruix freebsd base))

(define base
  (freebsd-base (version "13.2") (world (installed-freebsd (path "/"))) (kernel (installed-freebsd (path "/")))))

(define (system . services)
  (operating-system (host-name "tower")
                    (base base)
                    (file-systems (list (file-system (label "root") (mount-point "/"))))
                    (services (append services %base-services))))

(system (service openssh-service-type)
        (simple-service 'mine etc-service-type (list (etc-file (path "ssh/sshd_config") (content "Port 2\n")))))
