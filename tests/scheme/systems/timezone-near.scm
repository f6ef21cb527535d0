;; Timezone near.
;; search: systems/lib
;; error:
;;| fruix::eval::invalid-field
;;|   × the field `timezone` of `operating-system` is invalid
;;|     ╭─[systems/timezone-near.scm:19:12]
;;|  18 │  (file-systems (list (file-system (label "root") (mount-point "/"))))
;;|  19 │  (timezone "Europ/Zurich"))
;;|     ·            ───────┬──────
;;|     ·                   ╰── expected a name of the time zone database, such as "Europe/Zurich", or "UTC"
;;|     ╰────

(use-modules (fruix system) (fruix file-systems) (tower))

(operating-system
 (host-name "tower")
 (base base)
 (file-systems (list (file-system (label "root") (mount-point "/"))))
 (timezone "Europ/Zurich"))
