;; The content of a file is a text or a file.
;; error:
;;| fruix::eval::field-type
;;|   × the field `content` of `etc-file` cannot be the symbol hello
;;|     ╭─[systems/etc-content.scm:24:87]
;;|  23 │
;;|  24 │ (system (simple-service 'mine etc-service-type (list (etc-file (path "mine") (content 'hello)))))
;;|     ·                                                                                       ───┬──
;;|     ·                                                                                          ╰── expected a string or a file-like object, such as (local-file "…") or (plain-file "name" "text")
;;|     ╰────

(use-modules (fruix system) (fruix file-systems) (fruix services) (fruix services base) (fruix services ssh) (fruix store)
             (fruix freebsd base))

(define base
  (freebsd-base (version "13.2") (world (installed-freebsd (path "/"))) (kernel (installed-freebsd (path "/")))))

(define (system . services)
  (operating-system (host-name "tower")
                    (base base)
                    (file-systems (list (file-system (label "root") (mount-point "/"))))
                    (services (append services %base-services))))

(system (simple-service 'mine etc-service-type (list (etc-file (path "mine") (content 'hello)))))
