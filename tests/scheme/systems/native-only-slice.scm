;; A slice of the world from elsewhere is no less foreign than the whole.
;; error:
;;| fruix::eval::inconsistent
;;|   × the part `libraries` of this `native-only` base is copied from an installation
;;|     ╭─[systems/native-only-slice.scm:27:16]
;;|  26 │    (world (freebsd-world (source source)))
;;|  27 │    (libraries (installed-freebsd (path "/")))
;;|     ·                ─────────────┬─────────────
;;|     ·                             ╰── its origin class is `host`
;;|  28 │    (kernel (freebsd-kernel (source source)))
;;|  29 │    (policy 'native-only)))
;;|     ·            ──────┬─────
;;|     ·                  ╰── required here
;;|  30 │
;;|     ╰────
;;|   help: build it from source, or leave the policy out

(use-modules (fruix system) (fruix file-systems) (fruix freebsd base) (fruix freebsd kernel)
             (fruix freebsd source) (fruix freebsd world))

(define source (freebsd-source (path "/usr/src")))

(define base
  (freebsd-base
   (version "13.2")
   (world (freebsd-world (source source)))
   (libraries (installed-freebsd (path "/")))
   (kernel (freebsd-kernel (source source)))
   (policy 'native-only)))

(operating-system
 (host-name "tower")
 (base base)
 (file-systems (list (file-system (label "root") (mount-point "/")))))
