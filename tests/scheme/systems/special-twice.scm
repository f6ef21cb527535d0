;; Two special files with one path.
;; error:
;;| fruix::eval::inconsistent
;;|   × two files of the system are called `/opt/a`
;;|     ╭─[systems/special-twice.scm:42:83]
;;|  40 │
;;|  41 │ (system (simple-service 'one special-files-service-type (list (special-file (path "/opt/a") (content "x"))))
;;|     ·                                                                                   ────┬───
;;|     ·                                                                                       ╰── first here
;;|  42 │         (simple-service 'two special-files-service-type (list (special-file (path "/opt/a") (content "y"))
;;|     ·                                                                                   ────┬───
;;|     ·                                                                                       ╰── again here
;;|  43 │                                                               (special-file (path "/opt/a/b") (content "y")))))
;;|     ╰────
;;|   help: leave one out, or give it another path; `modify-service` changes what services bring
;;| Error: fruix::eval::inconsistent
;;|   × one of `/opt/a` and `/opt/a/b` would have to be a directory, and both are files
;;|     ╭─[systems/special-twice.scm:43:83]
;;|  41 │ (system (simple-service 'one special-files-service-type (list (special-file (path "/opt/a") (content "x"))))
;;|  42 │         (simple-service 'two special-files-service-type (list (special-file (path "/opt/a") (content "y"))
;;|     ·                                                                                   ────┬───
;;|     ·                                                                                       ╰── first here
;;|  43 │                                                               (special-file (path "/opt/a/b") (content "y")))))
;;|     ·                                                                                   ─────┬────
;;|     ·                                                                                        ╰── again here
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

(system (simple-service 'one special-files-service-type (list (special-file (path "/opt/a") (content "x"))))
        (simple-service 'two special-files-service-type (list (special-file (path "/opt/a") (content "y"))
                                                              (special-file (path "/opt/a/b") (content "y")))))
