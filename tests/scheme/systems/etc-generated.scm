;; Files that the system makes itself.
;; search: systems/lib
;; error:
;;| fruix::eval::inconsistent
;;|   × the system makes /etc/rc.conf itself
;;|     ╭─[systems/etc-generated.scm:43:47]
;;|  42 │ (system (simple-service 'mine etc-service-type
;;|  43 │                         (list (etc-file (path "rc.conf") (content "a=\"b\"\n"))
;;|     ·                                               ────┬────
;;|     ·                                                   ╰── would be replaced by this file
;;|  44 │                               (etc-file (path "fstab") (content ""))
;;|     ╰────
;;|   help: set it with (rc-conf '(("NAME" . "VALUE"))) of the `operating-system`
;;| Error: fruix::eval::inconsistent
;;|   × the system makes /etc/fstab itself
;;|     ╭─[systems/etc-generated.scm:44:47]
;;|  43 │                         (list (etc-file (path "rc.conf") (content "a=\"b\"\n"))
;;|  44 │                               (etc-file (path "fstab") (content ""))
;;|     ·                                               ───┬───
;;|     ·                                                  ╰── would be replaced by this file
;;|  45 │                               (etc-file (path "ssh/authorized_keys.d/root") (content "")))))
;;|     ╰────
;;|   help: declare `file-systems` instead
;;| Error: fruix::eval::inconsistent
;;|   × the system makes /etc/ssh/authorized_keys.d/root itself
;;|     ╭─[systems/etc-generated.scm:45:47]
;;|  44 │                               (etc-file (path "fstab") (content ""))
;;|  45 │                               (etc-file (path "ssh/authorized_keys.d/root") (content "")))))
;;|     ·                                               ──────────────┬─────────────
;;|     ·                                                             ╰── belongs to an account
;;|     ╰────
;;|   help: use the `authorized-keys` of the `user-account`

(use-modules (fruix system) (fruix services) (fruix services base) (tower))

(define (system . services)
  (operating-system (host-name "tower")
                    (base base)
                    (file-systems (list root))
                    (services (append services %base-services))))

(system (simple-service 'mine etc-service-type
                        (list (etc-file (path "rc.conf") (content "a=\"b\"\n"))
                              (etc-file (path "fstab") (content ""))
                              (etc-file (path "ssh/authorized_keys.d/root") (content "")))))
