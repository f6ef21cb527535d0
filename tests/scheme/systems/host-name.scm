;; A name that no host can have.
;; search: systems/lib
;; error:
;;| fruix::eval::invalid-field
;;|   × the field `host-name` of `operating-system` is invalid
;;|     ╭─[systems/host-name.scm:15:30]
;;|  14 │
;;|  15 │ (operating-system (host-name "my tower") (base base) (file-systems (list root)))
;;|     ·                              ─────┬────
;;|     ·                                   ╰── a host name is made of letters, digits, `-` and `.`, and begins and ends with a letter or digit
;;|     ╰────

(use-modules (fruix system) (tower))

(operating-system (host-name "my tower") (base base) (file-systems (list root)))
