;; What a type of the user's makes of the value of its service.
;; machine
;; error:
;;| fruix::eval::inconsistent
;;|   × the service `odd` gives `rc-conf` the integer 5, where it takes a string
;;|     ╭─[systems/extension-computed.scm:26:35]
;;|  25 │                   (file-systems (list (file-system (label "root") (mount-point "/"))))
;;|  26 │                   (services (cons (service odd-service-type 5) %base-services)))
;;|     ·                                   ──────────────┬─────────────
;;|     ·                                                 ╰── here
;;|     ╰────
;;|   help: change its value, or what its type makes of it

(use-modules (fruix system) (fruix freebsd base) (fruix file-systems) (fruix services) (fruix services base))
(define base
  (freebsd-base (version "13.2-RELEASE")
                (world (installed-freebsd (path "lib/freebsd")))
                (kernel (installed-freebsd (path "lib/freebsd")))))
(define odd-service-type
  (service-type (name 'odd)
                (extensions (list (service-extension rc-conf-service-type
                                                     (lambda (value) (list (cons "odd" value))))))))
(operating-system (host-name "tower")
                  (base base)
                  (file-systems (list (file-system (label "root") (mount-point "/"))))
                  (services (cons (service odd-service-type 5) %base-services)))
