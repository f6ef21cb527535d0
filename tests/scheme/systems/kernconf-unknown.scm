;; A kernel configuration that the tree does not have.
;; machine
;; error:
;;| fruix::eval::inconsistent
;;|   × the source tree has no kernel configuration `TIMY` for amd64
;;|     ╭─[systems/kernconf-unknown.scm:25:67]
;;|  24 │                 (world (freebsd-world (source source)))
;;|  25 │                 (kernel (freebsd-kernel (source source) (kernconf "TIMY")))))
;;|     ·                                                                   ───┬──
;;|     ·                                                                      ╰── not in sys/amd64/conf of it
;;|  26 │
;;|     ╰────
;;|   help: did you mean `TINY`?

(use-modules (fruix system) (fruix accounts) (fruix file-systems) (fruix services) (fruix services base)
             (fruix services networking) (fruix services ssh) (fruix freebsd base) (fruix freebsd source)
             (fruix freebsd world) (fruix freebsd kernel) (fruix store))

(define source
  (freebsd-source (path "../../../examples/tiny-src")))

(define base
  (freebsd-base (version "13.2")
                (world (freebsd-world (source source)))
                (kernel (freebsd-kernel (source source) (kernconf "TIMY")))))

(operating-system
 (host-name "tower")
 (base base)
 (file-systems (list (file-system (label "root") (mount-point "/")))))
