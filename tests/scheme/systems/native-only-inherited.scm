;; The policy holds for parts that come from another base.
;; error:
;;| fruix::eval::inconsistent
;;|   × the part `kernel` of this `native-only` base is copied from an installation
;;|     ╭─[systems/native-only-inherited.scm:26:13]
;;|  25 │    (world (freebsd-world (source (freebsd-source (path "/usr/src")))))
;;|  26 │    (kernel (installed-freebsd (path "/")))))
;;|     ·             ─────────────┬─────────────
;;|     ·                          ╰── its origin class is `host`
;;|  27 │
;;|  28 │ (define base
;;|  29 │   (freebsd-base (inherit transitional) (policy 'native-only)))
;;|     ·                                                ──────┬─────
;;|     ·                                                      ╰── required here
;;|  30 │
;;|     ╰────
;;|   help: build it from source, or leave the policy out

(use-modules (fruix system) (fruix file-systems) (fruix freebsd base) (fruix freebsd kernel)
             (fruix freebsd release) (fruix freebsd source) (fruix freebsd world))

(define transitional
  (freebsd-base
   (version "13.2")
   (world (freebsd-world (source (freebsd-source (path "/usr/src")))))
   (kernel (installed-freebsd (path "/")))))

(define base
  (freebsd-base (inherit transitional) (policy 'native-only)))

(operating-system
 (host-name "tower")
 (base base)
 (file-systems (list (file-system (label "root") (mount-point "/")))))
