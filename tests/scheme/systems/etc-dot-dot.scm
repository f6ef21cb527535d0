;; A path that leaves /etc.
;; error:
;;| fruix::eval::invalid-field
;;|   × the field `path` of `etc-file` is invalid
;;|     ╭─[systems/etc-dot-dot.scm:52:47]
;;|  51 │ (system (simple-service 'motd etc-service-type
;;|  52 │                         (list (etc-file (path "../motd") (content "Hello\n"))
;;|     ·                                               ────┬────
;;|     ·                                                   ╰── a path cannot have `..`
;;|  53 │                               (etc-file (path "a//b") (content "Hello\n"))
;;|     ╰────
;;| Error: fruix::eval::invalid-field
;;|   × the field `path` of `etc-file` is invalid
;;|     ╭─[systems/etc-dot-dot.scm:53:47]
;;|  52 │                         (list (etc-file (path "../motd") (content "Hello\n"))
;;|  53 │                               (etc-file (path "a//b") (content "Hello\n"))
;;|     ·                                               ───┬──
;;|     ·                                                  ╰── a path cannot have empty parts, or `.`
;;|  54 │                               (etc-file (path "a b") (content "Hello\n"))
;;|     ╰────
;;| Error: fruix::eval::invalid-field
;;|   × the field `path` of `etc-file` is invalid
;;|     ╭─[systems/etc-dot-dot.scm:54:47]
;;|  53 │                               (etc-file (path "a//b") (content "Hello\n"))
;;|  54 │                               (etc-file (path "a b") (content "Hello\n"))
;;|     ·                                               ──┬──
;;|     ·                                                 ╰── use printable ASCII without spaces, quotes, backslashes and wildcards
;;|  55 │                               (etc-file (path "/usr/local/a") (content "Hello\n")))))
;;|     ╰────
;;| Error: fruix::eval::invalid-field
;;|   × the field `path` of `etc-file` is invalid
;;|     ╭─[systems/etc-dot-dot.scm:55:47]
;;|  54 │                               (etc-file (path "a b") (content "Hello\n"))
;;|  55 │                               (etc-file (path "/usr/local/a") (content "Hello\n")))))
;;|     ·                                               ───────┬──────
;;|     ·                                                      ╰── expected a path relative to /etc; other files are `special-file`s
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

(system (simple-service 'motd etc-service-type
                        (list (etc-file (path "../motd") (content "Hello\n"))
                              (etc-file (path "a//b") (content "Hello\n"))
                              (etc-file (path "a b") (content "Hello\n"))
                              (etc-file (path "/usr/local/a") (content "Hello\n")))))
