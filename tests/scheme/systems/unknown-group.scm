;; A group that nobody declares.
;; error:
;;| fruix::eval::inconsistent
;;|   × there is no group `whell`
;;|     ╭─[systems/unknown-group.scm:27:64]
;;|  26 │  (file-systems (list root))
;;|  27 │  (users (list (user-account (name "ada") (supplementary-groups '("wheel" "whell"))))))
;;|     ·                                                                ─────────┬────────
;;|     ·                                                                         ╰── a group of `ada`
;;|     ╰────
;;|   help: declare it in `groups`: (user-group (name "whell"))

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
 (file-systems (list root))
 (users (list (user-account (name "ada") (supplementary-groups '("wheel" "whell"))))))
