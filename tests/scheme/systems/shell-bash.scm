;; Shell bash.
;; error:
;;| fruix::eval::invalid-field
;;|   × the field `shell` of `user-account` is invalid
;;|     ╭─[systems/shell-bash.scm:25:49]
;;|  24 │  (file-systems (list (file-system (label "root") (mount-point "/"))))
;;|  25 │  (users (list (user-account (name "ada") (shell "/bin/bash")))))
;;|     ·                                                 ─────┬─────
;;|     ·                                                      ╰── FreeBSD has no /bin/bash: its shells are /bin/sh, /bin/csh and /bin/tcsh; a package has /usr/local/bin/bash
;;|     ╰────

(use-modules (fruix system) (fruix accounts) (fruix file-systems) (fruix services) (fruix services base)
             (fruix services networking) (fruix services ssh) (fruix freebsd base) (fruix freebsd source)
             (fruix freebsd world) (fruix freebsd kernel) (fruix store))

(define base
  (freebsd-base (version "13.2")
                (world (installed-freebsd (path "/")))
                (kernel (installed-freebsd (path "/")))))

(operating-system
 (host-name "tower")
 (base base)
 (file-systems (list (file-system (label "root") (mount-point "/"))))
 (users (list (user-account (name "ada") (shell "/bin/bash")))))
