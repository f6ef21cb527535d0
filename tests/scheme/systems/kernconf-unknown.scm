;; A kernel configuration that the tree does not have.
;; machine
;; error:
;;|   × the source tree has no kernel configuration `TIMY` for amd64
;;|     ╭─[systems/kernconf-unknown.scm:24:67]
;;|  23 │                 (world (freebsd-world (source source)))
;;|  24 │                 (kernel (freebsd-kernel (source source) (kernconf "TIMY")))))
;;|     ·                                                                   ───┬──
;;|     ·                                                                      ╰── not in sys/amd64/conf of it
;;|  25 │
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
