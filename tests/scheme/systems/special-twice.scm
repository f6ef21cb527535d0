;; Two special files with one path.
;; search: systems/lib
;; error:
;;| fruix::eval::inconsistent
;;|   × two files of the system are called `/opt/a`
;;|     ╭─[systems/special-twice.scm:39:83]
;;|  37 │
;;|  38 │ (system (simple-service 'one special-files-service-type (list (special-file (path "/opt/a") (content "x"))))
;;|     ·                                                                                   ────┬───
;;|     ·                                                                                       ╰── first here
;;|  39 │         (simple-service 'two special-files-service-type (list (special-file (path "/opt/a") (content "y"))
;;|     ·                                                                                   ────┬───
;;|     ·                                                                                       ╰── again here
;;|  40 │                                                               (special-file (path "/opt/a/b") (content "y")))))
;;|     ╰────
;;|   help: leave one out, or give it another path; `modify-service` changes what services bring
;;| Error: fruix::eval::inconsistent
;;|   × one of `/opt/a` and `/opt/a/b` would have to be a directory, and both are files
;;|     ╭─[systems/special-twice.scm:40:83]
;;|  38 │ (system (simple-service 'one special-files-service-type (list (special-file (path "/opt/a") (content "x"))))
;;|  39 │         (simple-service 'two special-files-service-type (list (special-file (path "/opt/a") (content "y"))
;;|     ·                                                                                   ────┬───
;;|     ·                                                                                       ╰── first here
;;|  40 │                                                               (special-file (path "/opt/a/b") (content "y")))))
;;|     ·                                                                                   ─────┬────
;;|     ·                                                                                        ╰── again here
;;|     ╰────
;;|   help: leave one out, or give it another path; `modify-service` changes what services bring

(use-modules (fruix system) (fruix services) (fruix services base) (tower))

(define (system . services)
  (operating-system (host-name "tower")
                    (base base)
                    (file-systems (list root))
                    (services (append services %base-services))))

(system (simple-service 'one special-files-service-type (list (special-file (path "/opt/a") (content "x"))))
        (simple-service 'two special-files-service-type (list (special-file (path "/opt/a") (content "y"))
                                                              (special-file (path "/opt/a/b") (content "y")))))
