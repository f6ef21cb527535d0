;; A source tree that is not there.
;; machine
;; error:
;;| fruix::eval::inconsistent
;;|   × cannot open `/nonexistent/src`: No such file or directory
;;|     ╭─[systems/source-missing.scm:20:25]
;;|  19 │ (define source
;;|  20 │   (freebsd-source (path "/nonexistent/src")))
;;|     ·                         ─────────┬────────
;;|     ·                                  ╰── declared here
;;|  21 │
;;|     ╰────
;;|   help: check the spelling of the path

(use-modules (fruix system) (fruix accounts) (fruix file-systems) (fruix services) (fruix services base)
             (fruix services networking) (fruix services ssh) (fruix freebsd base) (fruix freebsd source)
             (fruix freebsd world) (fruix freebsd kernel) (fruix store))

(define source
  (freebsd-source (path "/nonexistent/src")))

(define base
  (freebsd-base (version "13.2")
                (world (freebsd-world (source source)))
                (kernel (freebsd-kernel (source source) (kernconf "TINY")))))

(operating-system
 (host-name "tower")
 (base base)
 (file-systems (list (file-system (label "root") (mount-point "/")))))
