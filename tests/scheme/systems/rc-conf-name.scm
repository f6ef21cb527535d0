;; Rc conf name.
;; search: systems/lib
;; error:
;;| fruix::eval::invalid-field
;;|   × the field `rc-conf` of `operating-system` is invalid
;;|     ╭─[systems/rc-conf-name.scm:19:13]
;;|  18 │  (file-systems (list (file-system (label "root") (mount-point "/"))))
;;|  19 │  (rc-conf '(("sshd-enable" . "YES"))))
;;|     ·             ───────────┬───────────
;;|     ·                        ╰── `sshd-enable` cannot be set: the name of a setting is made of letters, digits and `_`
;;|     ╰────

(use-modules (fruix system) (fruix file-systems) (tower))

(operating-system
 (host-name "tower")
 (base base)
 (file-systems (list (file-system (label "root") (mount-point "/"))))
 (rc-conf '(("sshd-enable" . "YES"))))
