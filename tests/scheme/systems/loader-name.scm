;; Loader name.
;; search: systems/lib
;; error:
;;| fruix::eval::invalid-field
;;|   × the field `loader` of `operating-system` is invalid
;;|     ╭─[systems/loader-name.scm:19:12]
;;|  18 │  (file-systems (list (file-system (label "root") (mount-point "/"))))
;;|  19 │  (loader '(("auto boot" . "5"))))
;;|     ·            ─────────┬─────────
;;|     ·                     ╰── `auto boot` cannot be set: the name of a setting is made of letters, digits and `._-`
;;|     ╰────

(use-modules (fruix system) (fruix file-systems) (tower))

(operating-system
 (host-name "tower")
 (base base)
 (file-systems (list (file-system (label "root") (mount-point "/"))))
 (loader '(("auto boot" . "5"))))
