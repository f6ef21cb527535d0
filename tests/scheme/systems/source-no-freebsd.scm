;; A directory that is no source tree of FreeBSD.
;; machine
;; error:
;;| fruix::eval::inconsistent
;;|   × `/etc` is not a FreeBSD source tree: there is no `sys/conf/newvers.sh`
;;|     ╭─[systems/source-no-freebsd.scm:21:25]
;;|  20 │ (define source
;;|  21 │   (freebsd-source (path "/etc")))
;;|     ·                         ───┬──
;;|     ·                            ╰── expected the top of a source tree
;;|  22 │
;;|     ╰────
;;|   help: name the top of a FreeBSD source tree, such as a clone of the src repository or an unpacked src.txz;
;;|         where it lies elsewhere on this machine, say --with-source DECLARED=ACTUAL

(use-modules (fruix system) (fruix accounts) (fruix file-systems) (fruix services) (fruix services base)
             (fruix services networking) (fruix services ssh) (fruix freebsd base) (fruix freebsd source)
             (fruix freebsd world) (fruix freebsd kernel) (fruix store))

(define source
  (freebsd-source (path "/etc")))

(define base
  (freebsd-base (version "13.2")
                (world (freebsd-world (source source)))
                (kernel (freebsd-kernel (source source) (kernconf "TINY")))))

(operating-system
 (host-name "tower")
 (base base)
 (file-systems (list (file-system (label "root") (mount-point "/")))))
