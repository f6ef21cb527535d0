;; A value that is not ASCII.
;; error:
;;| fruix::eval::invalid-field
;;|   × the field `rc-conf` of `operating-system` is invalid
;;|     ╭─[systems/rc-conf-not-ascii.scm:26:13]
;;|  25 │  (file-systems (list root))
;;|  26 │  (rc-conf '(("motd_text" . "Grüezi"))))
;;|     ·             ────────────┬───────────
;;|     ·                         ╰── the value of `motd_text` holds a character that is not printable ASCII
;;|     ╰────

(use-modules (fruix system) (fruix accounts) (fruix file-systems) (fruix services) (fruix services base)
             (fruix services networking) (fruix services ssh) (fruix freebsd base) (fruix freebsd source)
             (fruix freebsd world) (fruix freebsd kernel))

(define base
  (freebsd-base (version "13.2") (world (installed-freebsd (path "/"))) (kernel (installed-freebsd (path "/")))))

(define root
  (file-system (label "root") (mount-point "/")))

(operating-system
 (host-name "tower")
 (base base)
 (file-systems (list root))
 (rc-conf '(("motd_text" . "Grüezi"))))
