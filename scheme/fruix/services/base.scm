;; What every system has.
(require "fruix/records.scm")
(require "fruix/services.scm")

(provide base-service-type
         %base-services)

;;@doc
;; Settings of rc.conf that differ from FreeBSD's own. Its value is the list of the settings.
(define base-service-type
  (service-type (name 'base)
                (extensions (list (service-extension rc-conf-service-type (lambda (settings) settings))))
                (default-value (list
                                ;; No mail daemon unless a service brings one: rc would look for the world's.
                                (cons "sendmail_enable" "NONE")
                                ;; Activation has checked the root before it was writable.
                                (cons "background_fsck" "NO")
                                ;; Take log messages from this machine only.
                                (cons "syslogd_flags" "-ss")))
                (description "Settings of rc.conf that differ from FreeBSD's own.")))

;;@doc
;; The services of a system that declares none.
(define %base-services
  (list (service base-service-type)))
