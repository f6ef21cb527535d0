;; A service extended that cannot be.
;; error:
;;| fruix::eval::inconsistent
;;|   × the service `nosy` extends `openssh`, which cannot be extended
;;|     ╭─[systems/service-closed.scm:31:13]
;;|  30 │  (file-systems (list root))
;;|  31 │  (services (list (service nosy) (service openssh-service-type))))
;;|     ·             ────────────────────────┬────────────────────────
;;|     ·                                     ╰── here
;;|     ╰────
;;|   help: give the extended service type an `extend` procedure

(use-modules (fruix system) (fruix accounts) (fruix file-systems) (fruix services) (fruix services base)
             (fruix services networking) (fruix services ssh) (fruix freebsd base) (fruix freebsd source)
             (fruix freebsd world) (fruix freebsd kernel))

(define base
  (freebsd-base (version "13.2") (world (installed-freebsd (path "/"))) (kernel (installed-freebsd (path "/")))))

(define root
  (file-system (label "root") (mount-point "/")))

(define nosy
  (service-type (name 'nosy)
                (extensions (list (service-extension openssh-service-type (lambda (value) '(1)))))))

(operating-system
 (host-name "tower")
 (base base)
 (file-systems (list root))
 (services (list (service nosy) (service openssh-service-type))))
