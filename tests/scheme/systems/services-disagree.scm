;; Two services that want different things.
;; search: systems/lib
;; error:
;;| fruix::eval::inconsistent
;;|   × two services set `sendmail_enable` in rc.conf: to "YES" and to "NONE"
;;|     ╭─[systems/services-disagree.scm:25:12]
;;|  24 │  (file-systems (list root))
;;|  25 │  (services (cons (service louder) %base-services)))
;;|     ·            ───────────────────┬──────────────────
;;|     ·                               ╰── in these services
;;|     ╰────
;;|   help: say which with (rc-conf '(("sendmail_enable" . "…")))

(use-modules (fruix system) (fruix services) (fruix services base) (tower))

(define louder
  (service-type (name 'louder)
                (extensions (list (service-extension rc-conf-service-type
                                                     (lambda (value) '(("sendmail_enable" . "YES"))))))))

(operating-system
 (host-name "tower")
 (base base)
 (file-systems (list root))
 (services (cons (service louder) %base-services)))
