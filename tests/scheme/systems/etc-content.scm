;; The content of a file is a text or a file.
;; search: systems/lib
;; error:
;;| fruix::eval::field-type
;;|   × the field `content` of `etc-file` cannot be the symbol hello
;;|     ╭─[systems/etc-content.scm:21:87]
;;|  20 │
;;|  21 │ (system (simple-service 'mine etc-service-type (list (etc-file (path "mine") (content 'hello)))))
;;|     ·                                                                                       ───┬──
;;|     ·                                                                                          ╰── expected a string or a file-like object, such as (local-file "…") or (plain-file "name" "text")
;;|     ╰────

(use-modules (fruix system) (fruix services) (fruix services base) (tower))

(define (system . services)
  (operating-system (host-name "tower")
                    (base base)
                    (file-systems (list root))
                    (services (append services %base-services))))

(system (simple-service 'mine etc-service-type (list (etc-file (path "mine") (content 'hello)))))
