;; Base is source.
;; error:
;;| fruix::eval::field-type
;;|   × the field `base` of `operating-system` cannot be a `freebsd-source` record
;;|     ╭─[systems/base-is-source.scm:24:9]
;;|  23 │  (host-name "tower")
;;|  24 │  (base (freebsd-source (path "/usr/src")))
;;|     ·         ───────────────┬───────────────
;;|     ·                        ╰── expected a `freebsd-base` record
;;|  25 │  (file-systems (list (file-system (label "root") (mount-point "/")))))
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
 (base (freebsd-source (path "/usr/src")))
 (file-systems (list (file-system (label "root") (mount-point "/")))))
