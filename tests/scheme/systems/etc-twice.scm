;; Two files with one path, of different services.
;; search: systems/lib
;; error:
;;| fruix::eval::inconsistent
;;|   × two files of the system are called `motd.template`
;;|     ╭─[systems/etc-twice.scm:26:71]
;;|  24 │
;;|  25 │ (system (simple-service 'motd etc-service-type (list (etc-file (path "motd.template") (content "Hello\n"))))
;;|     ·                                                                      ───────┬───────
;;|     ·                                                                             ╰── first here
;;|  26 │         (simple-service 'other etc-service-type (list (etc-file (path "motd.template") (content "Bye\n")))))
;;|     ·                                                                       ───────┬───────
;;|     ·                                                                              ╰── again here
;;|     ╰────
;;|   help: leave one out, or give it another path; `modify-service` changes what services bring

(use-modules (fruix system) (fruix services) (fruix services base) (tower))

(define (system . services)
  (operating-system (host-name "tower")
                    (base base)
                    (file-systems (list root))
                    (services (append services %base-services))))

(system (simple-service 'motd etc-service-type (list (etc-file (path "motd.template") (content "Hello\n"))))
        (simple-service 'other etc-service-type (list (etc-file (path "motd.template") (content "Bye\n")))))
