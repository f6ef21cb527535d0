;; Base is source.
;; search: systems/lib
;; error:
;;| fruix::eval::field-type
;;|   × the field `base` of `operating-system` cannot be a `freebsd-source` record
;;|     ╭─[systems/base-is-source.scm:18:9]
;;|  17 │  (host-name "tower")
;;|  18 │  (base (freebsd-source (path "/usr/src")))
;;|     ·         ───────────────┬───────────────
;;|     ·                        ╰── expected a `freebsd-base` record
;;|  19 │  (file-systems (list (file-system (label "root") (mount-point "/")))))
;;|     ╰────

(use-modules (fruix system) (fruix file-systems) (fruix freebsd source) (tower))

(operating-system
 (host-name "tower")
 (base (freebsd-source (path "/usr/src")))
 (file-systems (list (file-system (label "root") (mount-point "/")))))
