;; File systems record.
;; search: systems/lib
;; error:
;;| fruix::eval::field-type
;;|   × the field `file-systems` of `operating-system` cannot be a `file-system` record
;;|     ╭─[systems/file-systems-record.scm:18:17]
;;|  17 │  (base base)
;;|  18 │  (file-systems (file-system (label "root") (mount-point "/"))))
;;|     ·                 ─────────────────────┬─────────────────────
;;|     ·                                      ╰── expected a list, each element a `file-system` record
;;|     ╰────

(use-modules (fruix system) (fruix file-systems) (tower))

(operating-system
 (host-name "tower")
 (base base)
 (file-systems (file-system (label "root") (mount-point "/"))))
