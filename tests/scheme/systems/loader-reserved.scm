;; A setting that is the system's own.
;; error:
;;| fruix::eval::invalid-field
;;|   × the field `loader` of `operating-system` is invalid
;;|     ╭─[systems/loader-reserved.scm:26:12]
;;|  25 │  (file-systems (list root))
;;|  26 │  (loader '(("kernel" . "kernel.old"))))
;;|     ·            ────────────┬────────────
;;|     ·                        ╰── `kernel` is set by the system itself, to items of its own
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
 (loader '(("kernel" . "kernel.old"))))
