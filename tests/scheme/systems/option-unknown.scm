;; An option that the tree does not have.
;; machine
;; error:
;;| fruix::eval::inconsistent
;;|   × the source tree has no option `WITHOUT_DEBUG_FILE`
;;|     ╭─[systems/option-unknown.scm:24:81]
;;|  23 │   (freebsd-base (version "13.2")
;;|  24 │                 (world (freebsd-world (source source) (options '(WITHOUT_RESCUE WITHOUT_DEBUG_FILE))))
;;|     ·                                                                                 ─────────┬────────
;;|     ·                                                                                          ╰── unknown option
;;|  25 │                 (kernel (freebsd-kernel (source source) (kernconf "TINY")))))
;;|     ╰────
;;|   help: did you mean `WITHOUT_DEBUG_FILES`?

(use-modules (fruix system) (fruix accounts) (fruix file-systems) (fruix services) (fruix services base)
             (fruix services networking) (fruix services ssh) (fruix freebsd base) (fruix freebsd source)
             (fruix freebsd world) (fruix freebsd kernel) (fruix store))

(define source
  (freebsd-source (path "../../../examples/tiny-src")))

(define base
  (freebsd-base (version "13.2")
                (world (freebsd-world (source source) (options '(WITHOUT_RESCUE WITHOUT_DEBUG_FILE))))
                (kernel (freebsd-kernel (source source) (kernconf "TINY")))))

(operating-system
 (host-name "tower")
 (base base)
 (file-systems (list (file-system (label "root") (mount-point "/")))))
