;; A setting that is the system's own.
;; search: systems/lib
;; error:
;;| fruix::eval::invalid-field
;;|   × the field `loader` of `operating-system` is invalid
;;|     ╭─[systems/loader-reserved.scm:19:12]
;;|  18 │  (file-systems (list root))
;;|  19 │  (loader '(("kernel" . "kernel.old"))))
;;|     ·            ────────────┬────────────
;;|     ·                        ╰── `kernel` is set by the system itself, to items of its own
;;|     ╰────

(use-modules (fruix system) (tower))

(operating-system
 (host-name "tower")
 (base base)
 (file-systems (list root))
 (loader '(("kernel" . "kernel.old"))))
