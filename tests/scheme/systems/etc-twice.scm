;; Two files with one path, of different services.
;; error:
;;| fruix::eval::inconsistent
;;|   × two files of the system are called `motd.template`
;;|     ╭─[systems/etc-twice.scm:29:71]
;;|  27 │
;;|  28 │ (system (simple-service 'motd etc-service-type (list (etc-file (path "motd.template") (content "Hello\n"))))
;;|     ·                                                                      ───────┬───────
;;|     ·                                                                             ╰── first here
;;|  29 │         (simple-service 'other etc-service-type (list (etc-file (path "motd.template") (content "Bye\n")))))
;;|     ·                                                                       ───────┬───────
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

(system (simple-service 'motd etc-service-type (list (etc-file (path "motd.template") (content "Hello\n"))))
        (simple-service 'other etc-service-type (list (etc-file (path "motd.template") (content "Bye\n")))))
