;; A value that is not ASCII.
;; search: systems/lib
;; error:
;;| fruix::eval::invalid-field
;;|   × the field `rc-conf` of `operating-system` is invalid
;;|     ╭─[systems/rc-conf-not-ascii.scm:19:13]
;;|  18 │  (file-systems (list root))
;;|  19 │  (rc-conf '(("motd_text" . "Grüezi"))))
;;|     ·             ────────────┬───────────
;;|     ·                         ╰── the value of `motd_text` holds a character that is not printable ASCII
;;|     ╰────

(use-modules (fruix system) (tower))

(operating-system
 (host-name "tower")
 (base base)
 (file-systems (list root))
 (rc-conf '(("motd_text" . "Grüezi"))))
