;; Paths that a special file cannot have.
;; search: systems/lib
;; error:
;;| fruix::eval::invalid-field
;;|   × the field `path` of `special-file` is invalid
;;|     ╭─[systems/special-paths.scm:58:44]
;;|  57 │ (system (service special-files-service-type
;;|  58 │                  (list (special-file (path "opt/a") (content "x"))
;;|     ·                                            ───┬───
;;|     ·                                               ╰── expected an absolute path
;;|  59 │                        (special-file (path "/etc/a") (content "x"))
;;|     ╰────
;;| Error: fruix::eval::invalid-field
;;|   × the field `path` of `special-file` is invalid
;;|     ╭─[systems/special-paths.scm:59:44]
;;|  58 │                  (list (special-file (path "opt/a") (content "x"))
;;|  59 │                        (special-file (path "/etc/a") (content "x"))
;;|     ·                                            ────┬───
;;|     ·                                                ╰── files of /etc are `etc-file`s, with a path relative to it
;;|  60 │                        (special-file (path "/run/a") (content "x"))
;;|     ╰────
;;| Error: fruix::eval::invalid-field
;;|   × the field `path` of `special-file` is invalid
;;|     ╭─[systems/special-paths.scm:60:44]
;;|  59 │                        (special-file (path "/etc/a") (content "x"))
;;|  60 │                        (special-file (path "/run/a") (content "x"))
;;|     ·                                            ────┬───
;;|     ·                                                ╰── this directory is not the declaration's: the system makes what is in it
;;|  61 │                        (special-file (path "/opt/../a") (content "x"))
;;|     ╰────
;;| Error: fruix::eval::invalid-field
;;|   × the field `path` of `special-file` is invalid
;;|     ╭─[systems/special-paths.scm:61:44]
;;|  60 │                        (special-file (path "/run/a") (content "x"))
;;|  61 │                        (special-file (path "/opt/../a") (content "x"))
;;|     ·                                            ─────┬─────
;;|     ·                                                 ╰── a path cannot have `..`
;;|  62 │                        (special-file (path "/opt/") (content "x")))))
;;|     ╰────
;;| Error: fruix::eval::invalid-field
;;|   × the field `path` of `special-file` is invalid
;;|     ╭─[systems/special-paths.scm:62:44]
;;|  61 │                        (special-file (path "/opt/../a") (content "x"))
;;|  62 │                        (special-file (path "/opt/") (content "x")))))
;;|     ·                                            ───┬───
;;|     ·                                               ╰── a path cannot have empty parts, or `.`
;;|     ╰────

(use-modules (fruix system) (fruix services) (fruix services base) (tower))

(define (system . services)
  (operating-system (host-name "tower")
                    (base base)
                    (file-systems (list root))
                    (services (append services %base-services))))

(system (service special-files-service-type
                 (list (special-file (path "opt/a") (content "x"))
                       (special-file (path "/etc/a") (content "x"))
                       (special-file (path "/run/a") (content "x"))
                       (special-file (path "/opt/../a") (content "x"))
                       (special-file (path "/opt/") (content "x")))))
