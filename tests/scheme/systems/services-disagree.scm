;; Two services that want different things.
;; error:
;;| fruix::eval::inconsistent
;;|   × two services set `sendmail_enable` in rc.conf: to "YES" and to "NONE"
;;|     ╭─[systems/services-disagree.scm:32:12]
;;|  31 │  (file-systems (list root))
;;|  32 │  (services (cons (service louder) %base-services)))
;;|     ·            ───────────────────┬──────────────────
;;|     ·                               ╰── in these services
;;|     ╰────
;;|   help: say which with (rc-conf '(("sendmail_enable" . "…")))

(use-modules (fruix system) (fruix accounts) (fruix file-systems) (fruix services) (fruix services base)
             (fruix services networking) (fruix services ssh) (fruix freebsd base) (fruix freebsd source)
             (fruix freebsd world) (fruix freebsd kernel))

(define base
  (freebsd-base (version "13.2") (world (installed-freebsd (path "/"))) (kernel (installed-freebsd (path "/")))))

(define root
  (file-system (label "root") (mount-point "/")))

(define louder
  (service-type (name 'louder)
                (extensions (list (service-extension rc-conf-service-type
                                                     (lambda (value) '(("sendmail_enable" . "YES"))))))))

(operating-system
 (host-name "tower")
 (base base)
 (file-systems (list root))
 (services (cons (service louder) %base-services)))
