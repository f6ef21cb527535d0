;; A file where another one needs a directory.
;; search: systems/lib
;; error:
;;| fruix::eval::inconsistent
;;|   × one of `mine/conf` and `mine` would have to be a directory, and both are files
;;|     ╭─[systems/etc-below-a-file.scm:27:47]
;;|  25 │ (system (simple-service 'mine etc-service-type
;;|  26 │                         (list (etc-file (path "mine/conf") (content "1"))
;;|     ·                                               ─────┬─────
;;|     ·                                                    ╰── first here
;;|  27 │                               (etc-file (path "mine") (content "2")))))
;;|     ·                                               ───┬──
;;|     ·                                                  ╰── again here
;;|     ╰────
;;|   help: leave one out, or give it another path; `modify-service` changes what services bring

(use-modules (fruix system) (fruix services) (fruix services base) (tower))

(define (system . services)
  (operating-system (host-name "tower")
                    (base base)
                    (file-systems (list root))
                    (services (append services %base-services))))

(system (simple-service 'mine etc-service-type
                        (list (etc-file (path "mine/conf") (content "1"))
                              (etc-file (path "mine") (content "2")))))
