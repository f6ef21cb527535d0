;; Errors of files and of accounts are reported together.
;; search: systems/lib
;; error:
;;| fruix::eval::invalid-field
;;|   × the field `host-name` of `operating-system` is invalid
;;|     ╭─[systems/etc-below-service-errors.scm:31:30]
;;|  30 │
;;|  31 │ (operating-system (host-name "-tower")
;;|     ·                              ────┬───
;;|     ·                                  ╰── a host name is made of letters, digits, `-` and `.`, and begins and ends with a letter or digit
;;|  32 │                   (base base)
;;|     ╰────
;;| Error: fruix::eval::invalid-field
;;|   × the field `path` of `etc-file` is invalid
;;|     ╭─[systems/etc-below-service-errors.scm:34:96]
;;|  33 │                   (file-systems (list (file-system (label "root") (mount-point "/"))))
;;|  34 │                   (services (cons (simple-service 'mine etc-service-type (list (etc-file (path "/a") (content "x"))))
;;|     ·                                                                                                ──┬─
;;|     ·                                                                                                  ╰── expected a path relative to /etc; other files are `special-file`s
;;|  35 │                                   %base-services)))
;;|     ╰────

(use-modules (fruix system) (fruix file-systems) (fruix services) (fruix services base) (tower))

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
