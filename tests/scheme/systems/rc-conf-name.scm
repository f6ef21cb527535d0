;; Rc conf name.
;; error:
;;| fruix::eval::invalid-field
;;|   × the field `rc-conf` of `operating-system` is invalid
;;|     ╭─[systems/rc-conf-name.scm:25:13]
;;|  24 │  (file-systems (list (file-system (label "root") (mount-point "/"))))
;;|  25 │  (rc-conf '(("sshd-enable" . "YES"))))
;;|     ·             ───────────┬───────────
;;|     ·                        ╰── `sshd-enable` cannot be set: the name of a setting is made of letters, digits and `_`
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
 (rc-conf '(("sshd-enable" . "YES"))))
