;; Host name dots.
;; search: systems/lib
;; error:
;;| fruix::eval::invalid-field
;;|   × the field `host-name` of `operating-system` is invalid
;;|     ╭─[systems/host-name-dots.scm:17:13]
;;|  16 │ (operating-system
;;|  17 │  (host-name "a..b")
;;|     ·             ───┬──
;;|     ·                ╰── a host name is made of letters, digits, `-` and `.`, and begins and ends with a letter or digit
;;|  18 │  (base base)
;;|     ╰────

(use-modules (fruix system) (tower))

(operating-system
 (host-name "a..b")
 (base base)
 (file-systems (list root)))
