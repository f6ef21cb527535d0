;; Paths that a special file cannot have.
;; error:
;;| fruix::eval::invalid-field
;;|   × the field `path` of `special-file` is invalid
;;|     ╭─[systems/special-paths.scm:61:44]
;;|  60 │ (system (service special-files-service-type
;;|  61 │                  (list (special-file (path "opt/a") (content "x"))
;;|     ·                                            ───┬───
;;|     ·                                               ╰── expected an absolute path
;;|  62 │                        (special-file (path "/etc/a") (content "x"))
;;|     ╰────
;;| Error: fruix::eval::invalid-field
;;|   × the field `path` of `special-file` is invalid
;;|     ╭─[systems/special-paths.scm:62:44]
;;|  61 │                  (list (special-file (path "opt/a") (content "x"))
;;|  62 │                        (special-file (path "/etc/a") (content "x"))
;;|     ·                                            ────┬───
;;|     ·                                                ╰── files of /etc are `etc-file`s, with a path relative to it
;;|  63 │                        (special-file (path "/run/a") (content "x"))
;;|     ╰────
;;| Error: fruix::eval::invalid-field
;;|   × the field `path` of `special-file` is invalid
;;|     ╭─[systems/special-paths.scm:63:44]
;;|  62 │                        (special-file (path "/etc/a") (content "x"))
;;|  63 │                        (special-file (path "/run/a") (content "x"))
;;|     ·                                            ────┬───
;;|     ·                                                ╰── this directory is not the declaration's: the system makes what is in it
;;|  64 │                        (special-file (path "/opt/../a") (content "x"))
;;|     ╰────
;;| Error: fruix::eval::invalid-field
;;|   × the field `path` of `special-file` is invalid
;;|     ╭─[systems/special-paths.scm:64:44]
;;|  63 │                        (special-file (path "/run/a") (content "x"))
;;|  64 │                        (special-file (path "/opt/../a") (content "x"))
;;|     ·                                            ─────┬─────
;;|     ·                                                 ╰── a path cannot have `..`
;;|  65 │                        (special-file (path "/opt/") (content "x")))))
;;|     ╰────
;;| Error: fruix::eval::invalid-field
;;|   × the field `path` of `special-file` is invalid
;;|     ╭─[systems/special-paths.scm:65:44]
;;|  64 │                        (special-file (path "/opt/../a") (content "x"))
;;|  65 │                        (special-file (path "/opt/") (content "x")))))
;;|     ·                                            ───┬───
;;|     ·                                               ╰── a path cannot have empty parts, or `.`
;;|     ╰────

(use-modules (fruix system) (fruix file-systems) (fruix services) (fruix services base) (fruix services ssh) (fruix store)
             (fruix freebsd base))

(define base
  (freebsd-base (version "13.2") (world (installed-freebsd (path "/"))) (kernel (installed-freebsd (path "/")))))

(define (system . services)
  (operating-system (host-name "tower")
                    (base base)
                    (file-systems (list (file-system (label "root") (mount-point "/"))))
                    (services (append services %base-services))))

(system (service special-files-service-type
                 (list (special-file (path "opt/a") (content "x"))
                       (special-file (path "/etc/a") (content "x"))
                       (special-file (path "/run/a") (content "x"))
                       (special-file (path "/opt/../a") (content "x"))
                       (special-file (path "/opt/") (content "x")))))
