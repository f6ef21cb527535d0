;; Two file systems at one place.
;; search: systems/lib
;; error:
;;| fruix::eval::inconsistent
;;|   × two file systems are mounted at `/`
;;|     ╭─[systems/two-mounts.scm:28:69]
;;|  22 │ (define root
;;|  23 │   (file-system (label "root") (mount-point "/")))
;;|     ·                                            ─┬─
;;|     ·                                             ╰── first here
;;|  24 │
;;|  25 │ (operating-system
;;|  26 │  (host-name "tower")
;;|  27 │  (base base)
;;|  28 │  (file-systems (list root (file-system (label "other") (mount-point "/")))))
;;|     ·                                                                     ─┬─
;;|     ·                                                                      ╰── again here
;;|     ╰────

(use-modules (fruix system) (fruix file-systems) (tower))

(define root
  (file-system (label "root") (mount-point "/")))

(operating-system
 (host-name "tower")
 (base base)
 (file-systems (list root (file-system (label "other") (mount-point "/")))))
