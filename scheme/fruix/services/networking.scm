;; Networking.
(require "fruix/records.scm")
(require "fruix/services.scm")

(provide dhcp-client-service-type
         (record dhcp-client-configuration))

(define-record-type* dhcp-client-configuration
  "How a system gets its addresses."
  (interfaces (list-of string)
              (default '())
              (doc "Names of interfaces, such as \"vtnet0\". None: every Ethernet interface there is.")))

(define (dhcp-rc-conf configuration)
  (let ([interfaces (dhcp-client-configuration-interfaces configuration)])
    (if (null? interfaces)
        ;; Whatever the machine calls them: vtnet0, em0, xn0.
        (list (cons "ifconfig_DEFAULT" "SYNCDHCP"))
        (map (lambda (interface) (cons (string-append "ifconfig_" interface) "SYNCDHCP")) interfaces))))

;; To take the network down and up again would cut off whoever works over it.
(define (dhcp-scripts configuration)
  (list (rc-script (name "netif") (when-changed 'keep))))

(define (dhcp-ready configuration)
  (list (ready-check
         (name "dhcp")
         (requires '("NETWORKING"))
         (command "pgrep -q dhclient && ifconfig -a inet | grep -v 'inet 127[.]' | grep -q 'inet '"))))

;;@doc
;; Gets addresses by DHCP. Its value is a `dhcp-client-configuration`.
(define dhcp-client-service-type
  (service-type (name 'dhcp-client)
                (extensions (list (service-extension rc-conf-service-type dhcp-rc-conf)
                                  (service-extension rc-script-service-type dhcp-scripts)
                                  (service-extension ready-service-type dhcp-ready)))
                (default-value (dhcp-client-configuration))
                (description "Gets addresses by DHCP, before the services that need them start.")))
