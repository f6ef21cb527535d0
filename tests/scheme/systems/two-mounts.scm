;; Two file systems at one place.
;; error:
;;|   × two file systems are mounted at `/`
;;|     ╭─[systems/two-mounts.scm:31:69]
;;|  25 │ (define root
;;|  26 │   (file-system (label "root") (mount-point "/")))
;;|     ·                                            ─┬─
;;|     ·                                             ╰── first here
;;|  27 │
;;|  28 │ (operating-system
;;|  29 │  (host-name "tower")
;;|  30 │  (base base)
;;|  31 │  (file-systems (list root (file-system (label "other") (mount-point "/")))))
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
