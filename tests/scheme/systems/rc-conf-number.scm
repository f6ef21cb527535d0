;; Rc conf number.
;; search: systems/lib
;; error:
;;| fruix::eval::field-type
;;|   × the field `rc-conf` of `operating-system` holds the integer 5
;;|     ╭─[systems/rc-conf-number.scm:19:13]
;;|  18 │  (file-systems (list (file-system (label "root") (mount-point "/"))))
;;|  19 │  (rc-conf '(("x" . 5))))
;;|     ·             ────┬────
;;|     ·                 ╰── expected a string
;;|     ╰────

(use-modules (fruix system) (fruix file-systems) (tower))

(operating-system
 (host-name "tower")
 (base base)
 (file-systems (list (file-system (label "root") (mount-point "/"))))
 (rc-conf '(("x" . 5))))
