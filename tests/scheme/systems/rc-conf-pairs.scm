;; Rc conf pairs.
;; error:
;;| fruix::eval::field-type
;;|   × the field `rc-conf` of `operating-system` holds the list ("YES")
;;|     ╭─[systems/rc-conf-pairs.scm:25:13]
;;|  24 │  (file-systems (list (file-system (label "root") (mount-point "/"))))
;;|  25 │  (rc-conf '(("sshd_enable" "YES"))))
;;|     ·             ──────────┬──────────
;;|     ·                       ╰── expected a string
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
 (rc-conf '(("sshd_enable" "YES"))))
