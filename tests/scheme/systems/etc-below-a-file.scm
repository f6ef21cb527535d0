;; A file where another one needs a directory.
;; error:
;;| fruix::eval::inconsistent
;;|   × one of `mine/conf` and `mine` would have to be a directory, and both are files
;;|     ╭─[systems/etc-below-a-file.scm:30:47]
;;|  28 │ (system (simple-service 'mine etc-service-type
;;|  29 │                         (list (etc-file (path "mine/conf") (content "1"))
;;|     ·                                               ─────┬─────
;;|     ·                                                    ╰── first here
;;|  30 │                               (etc-file (path "mine") (content "2")))))
;;|     ·                                               ───┬──
;;|     ·                                                  ╰── again here
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

(system (simple-service 'mine etc-service-type
                        (list (etc-file (path "mine/conf") (content "1"))
                              (etc-file (path "mine") (content "2")))))
