;; Record for list.
;; error:
;;| fruix::eval::field-type
;;|   × the field `users` of `operating-system` cannot be a `user-account` record
;;|     ╭─[systems/record-for-list.scm:25:10]
;;|  24 │  (file-systems (list (file-system (label "root") (mount-point "/"))))
;;|  25 │  (users (user-account (name "ada"))))
;;|     ·          ────────────┬───────────
;;|     ·                      ╰── expected a list, each element a `user-account` record
;;|     ╰────

(use-modules (fruix system) (fruix accounts) (fruix file-systems) (fruix services) (fruix services base)
             (fruix services networking) (fruix services ssh) (fruix freebsd base) (fruix freebsd source)
             (fruix freebsd world) (fruix freebsd kernel) (fruix store))

(define base
  (freebsd-base (version "13.2")
                (world (installed-freebsd (path "/")))
                (kernel (installed-freebsd (path "/")))))

(operating-system
 (host-name "tower")
 (base base)
 (file-systems (list (file-system (label "root") (mount-point "/"))))
 (users (user-account (name "ada"))))
