;; Timezone near.
;; error:
;;| fruix::eval::invalid-field
;;|   × the field `timezone` of `operating-system` is invalid
;;|     ╭─[systems/timezone-near.scm:25:12]
;;|  24 │  (file-systems (list (file-system (label "root") (mount-point "/"))))
;;|  25 │  (timezone "Europ/Zurich"))
;;|     ·            ───────┬──────
;;|     ·                   ╰── expected a name of the time zone database, such as "Europe/Zurich", or "UTC"
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
 (timezone "Europ/Zurich"))
