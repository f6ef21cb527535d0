;; File systems record.
;; error:
;;| fruix::eval::field-type
;;|   × the field `file-systems` of `operating-system` cannot be a `file-system` record
;;|     ╭─[systems/file-systems-record.scm:24:17]
;;|  23 │  (base base)
;;|  24 │  (file-systems (file-system (label "root") (mount-point "/"))))
;;|     ·                 ─────────────────────┬─────────────────────
;;|     ·                                      ╰── expected a list, each element a `file-system` record
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
 (file-systems (file-system (label "root") (mount-point "/"))))
