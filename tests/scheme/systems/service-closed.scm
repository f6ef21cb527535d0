;; A service extended that cannot be.
;; search: systems/lib
;; error:
;;| fruix::eval::inconsistent
;;|   × the service `nosy` extends `openssh`, which cannot be extended
;;|     ╭─[systems/service-closed.scm:24:13]
;;|  23 │  (file-systems (list root))
;;|  24 │  (services (list (service nosy) (service openssh-service-type))))
;;|     ·             ────────────────────────┬────────────────────────
;;|     ·                                     ╰── here
;;|     ╰────
;;|   help: give the extended service type an `extend` procedure

(use-modules (fruix system) (fruix services) (fruix services ssh) (tower))

(define nosy
  (service-type (name 'nosy)
                (extensions (list (service-extension openssh-service-type (lambda (value) '(1)))))))

(operating-system
 (host-name "tower")
 (base base)
 (file-systems (list root))
 (services (list (service nosy) (service openssh-service-type))))
