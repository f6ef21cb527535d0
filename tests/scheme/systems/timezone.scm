;; A time zone that is a path.
;; search: systems/lib
;; error:
;;| fruix::eval::invalid-field
;;|   × the field `timezone` of `operating-system` is invalid
;;|     ╭─[systems/timezone.scm:15:49]
;;|  14 │
;;|  15 │ (operating-system (host-name "tower") (timezone "/etc/localtime") (base base) (file-systems (list root)))
;;|     ·                                                 ────────┬───────
;;|     ·                                                         ╰── expected a name of the time zone database, such as "Europe/Zurich", or "UTC"
;;|     ╰────

(use-modules (fruix system) (tower))

(operating-system (host-name "tower") (timezone "/etc/localtime") (base base) (file-systems (list root)))
