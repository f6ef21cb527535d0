;; A path that leaves /etc.
;; search: systems/lib
;; error:
;;| fruix::eval::invalid-field
;;|   × the field `path` of `etc-file` is invalid
;;|     ╭─[systems/etc-dot-dot.scm:49:47]
;;|  48 │ (system (simple-service 'motd etc-service-type
;;|  49 │                         (list (etc-file (path "../motd") (content "Hello\n"))
;;|     ·                                               ────┬────
;;|     ·                                                   ╰── a path cannot have `..`
;;|  50 │                               (etc-file (path "a//b") (content "Hello\n"))
;;|     ╰────
;;| Error: fruix::eval::invalid-field
;;|   × the field `path` of `etc-file` is invalid
;;|     ╭─[systems/etc-dot-dot.scm:50:47]
;;|  49 │                         (list (etc-file (path "../motd") (content "Hello\n"))
;;|  50 │                               (etc-file (path "a//b") (content "Hello\n"))
;;|     ·                                               ───┬──
;;|     ·                                                  ╰── a path cannot have empty parts, or `.`
;;|  51 │                               (etc-file (path "a b") (content "Hello\n"))
;;|     ╰────
;;| Error: fruix::eval::invalid-field
;;|   × the field `path` of `etc-file` is invalid
;;|     ╭─[systems/etc-dot-dot.scm:51:47]
;;|  50 │                               (etc-file (path "a//b") (content "Hello\n"))
;;|  51 │                               (etc-file (path "a b") (content "Hello\n"))
;;|     ·                                               ──┬──
;;|     ·                                                 ╰── use printable ASCII without spaces, quotes, backslashes and wildcards
;;|  52 │                               (etc-file (path "/usr/local/a") (content "Hello\n")))))
;;|     ╰────
;;| Error: fruix::eval::invalid-field
;;|   × the field `path` of `etc-file` is invalid
;;|     ╭─[systems/etc-dot-dot.scm:52:47]
;;|  51 │                               (etc-file (path "a b") (content "Hello\n"))
;;|  52 │                               (etc-file (path "/usr/local/a") (content "Hello\n")))))
;;|     ·                                               ───────┬──────
;;|     ·                                                      ╰── expected a path relative to /etc; other files are `special-file`s
;;|     ╰────

(use-modules (fruix system) (fruix services) (fruix services base) (tower))

(define (system . services)
  (operating-system (host-name "tower")
                    (base base)
                    (file-systems (list root))
                    (services (append services %base-services))))

(system (simple-service 'motd etc-service-type
                        (list (etc-file (path "../motd") (content "Hello\n"))
                              (etc-file (path "a//b") (content "Hello\n"))
                              (etc-file (path "a b") (content "Hello\n"))
                              (etc-file (path "/usr/local/a") (content "Hello\n")))))
