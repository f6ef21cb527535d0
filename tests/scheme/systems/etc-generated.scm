;; Files that the system makes itself.
;; error:
;;| fruix::eval::inconsistent
;;|   × the system makes /etc/rc.conf itself
;;|     ╭─[systems/etc-generated.scm:46:47]
;;|  45 │ (system (simple-service 'mine etc-service-type
;;|  46 │                         (list (etc-file (path "rc.conf") (content "a=\"b\"\n"))
;;|     ·                                               ────┬────
;;|     ·                                                   ╰── would be replaced by this file
;;|  47 │                               (etc-file (path "fstab") (content ""))
;;|     ╰────
;;|   help: set it with (rc-conf '(("NAME" . "VALUE"))) of the `operating-system`
;;| Error: fruix::eval::inconsistent
;;|   × the system makes /etc/fstab itself
;;|     ╭─[systems/etc-generated.scm:47:47]
;;|  46 │                         (list (etc-file (path "rc.conf") (content "a=\"b\"\n"))
;;|  47 │                               (etc-file (path "fstab") (content ""))
;;|     ·                                               ───┬───
;;|     ·                                                  ╰── would be replaced by this file
;;|  48 │                               (etc-file (path "ssh/authorized_keys.d/root") (content "")))))
;;|     ╰────
;;|   help: declare `file-systems` instead
;;| Error: fruix::eval::inconsistent
;;|   × the system makes /etc/ssh/authorized_keys.d/root itself
;;|     ╭─[systems/etc-generated.scm:48:47]
;;|  47 │                               (etc-file (path "fstab") (content ""))
;;|  48 │                               (etc-file (path "ssh/authorized_keys.d/root") (content "")))))
;;|     ·                                               ──────────────┬─────────────
;;|     ·                                                             ╰── belongs to an account
;;|     ╰────
;;|   help: use the `authorized-keys` of the `user-account`

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
                        (list (etc-file (path "rc.conf") (content "a=\"b\"\n"))
                              (etc-file (path "fstab") (content ""))
                              (etc-file (path "ssh/authorized_keys.d/root") (content "")))))
