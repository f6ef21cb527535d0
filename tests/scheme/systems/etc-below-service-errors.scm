;; Errors of files and of accounts are reported together.
;; error:
;;| fruix::eval::invalid-field
;;|   × the field `host-name` of `operating-system` is invalid
;;|     ╭─[systems/etc-below-service-errors.scm:34:30]
;;|  33 │
;;|  34 │ (operating-system (host-name "-tower")
;;|     ·                              ────┬───
;;|     ·                                  ╰── a host name is made of letters, digits, `-` and `.`, and begins and ends with a letter or digit
;;|  35 │                   (base base)
;;|     ╰────
;;| Error: fruix::eval::invalid-field
;;|   × the field `path` of `etc-file` is invalid
;;|     ╭─[systems/etc-below-service-errors.scm:37:96]
;;|  36 │                   (file-systems (list (file-system (label "root") (mount-point "/"))))
;;|  37 │                   (services (cons (simple-service 'mine etc-service-type (list (etc-file (path "/a") (content "x"))))
;;|     ·                                                                                                ──┬─
;;|     ·                                                                                                  ╰── expected a path relative to /etc; other files are `special-file`s
;;|  38 │                                   %base-services)))
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

(operating-system (host-name "-tower")
                  (base base)
                  (file-systems (list (file-system (label "root") (mount-point "/"))))
                  (services (cons (simple-service 'mine etc-service-type (list (etc-file (path "/a") (content "x"))))
                                  %base-services)))
