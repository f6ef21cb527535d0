;; Options of another tree.
;; machine
;; error:
;;| fruix::eval::inconsistent
;;|   × the source tree has none of the options WITHOUT_A, WITHOUT_B, WITHOUT_C, WITHOUT_D
;;|     ╭─[systems/options-of-another-tree.scm:24:64]
;;|  23 │   (freebsd-base (version "13.2")
;;|  24 │                 (world (freebsd-world (source source) (options '(WITHOUT_A WITHOUT_B WITHOUT_C WITHOUT_D))))
;;|     ·                                                                ─────────────────────┬────────────────────
;;|     ·                                                                                     ╰── unknown options
;;|  25 │                 (kernel (freebsd-kernel (source source) (kernconf "TINY")))))
;;|     ╰────
;;|   help: it knows 3 options; each has a file in its tools/build/options that says what it does

(use-modules (fruix system) (fruix accounts) (fruix file-systems) (fruix services) (fruix services base)
             (fruix services networking) (fruix services ssh) (fruix freebsd base) (fruix freebsd source)
             (fruix freebsd world) (fruix freebsd kernel) (fruix store))

(define source
  (freebsd-source (path "../../../examples/tiny-src")))

(define base
  (freebsd-base (version "13.2")
                (world (freebsd-world (source source) (options '(WITHOUT_A WITHOUT_B WITHOUT_C WITHOUT_D))))
                (kernel (freebsd-kernel (source source) (kernconf "TINY")))))

(operating-system
 (host-name "tower")
 (base base)
 (file-systems (list (file-system (label "root") (mount-point "/")))))
