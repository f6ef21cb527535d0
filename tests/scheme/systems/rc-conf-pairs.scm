;; Rc conf pairs.
;; search: systems/lib
;; error:
;;| fruix::eval::field-type
;;|   × the field `rc-conf` of `operating-system` holds the list ("YES")
;;|     ╭─[systems/rc-conf-pairs.scm:19:13]
;;|  18 │  (file-systems (list (file-system (label "root") (mount-point "/"))))
;;|  19 │  (rc-conf '(("sshd_enable" "YES"))))
;;|     ·             ──────────┬──────────
;;|     ·                       ╰── expected a string
;;|     ╰────

(use-modules (fruix system) (fruix file-systems) (tower))

(operating-system
 (host-name "tower")
 (base base)
 (file-systems (list (file-system (label "root") (mount-point "/"))))
 (rc-conf '(("sshd_enable" "YES"))))
