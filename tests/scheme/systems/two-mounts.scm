;; Two file systems at one place.
;; error:
;;| fruix::eval::inconsistent
;;|   × two file systems are mounted at `/`
;;|     ╭─[systems/two-mounts.scm:32:69]
;;|  26 │ (define root
;;|  27 │   (file-system (label "root") (mount-point "/")))
;;|     ·                                            ─┬─
;;|     ·                                             ╰── first here
;;|  28 │
;;|  29 │ (operating-system
;;|  30 │  (host-name "tower")
;;|  31 │  (base base)
;;|  32 │  (file-systems (list root (file-system (label "other") (mount-point "/")))))
;;|     ·                                                                     ─┬─
;;|     ·                                                                      ╰── again here
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
 (file-systems (list root (file-system (label "other") (mount-point "/")))))
