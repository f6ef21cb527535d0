;; The same of a name that a record type defines.
;; error:
;;| fruix::eval::unbound-name
;;|   × `user-account-name` is not defined
;;|     ╭─[modules/unnamed-accessor.scm:14:6]
;;|  13 │ (use-modules (fruix system))
;;|  14 │ (map user-account-name (list))
;;|     ·      ────────┬────────
;;|     ·              ╰── not known here
;;|     ╰────
;;|   help: it is part of (fruix accounts): add (use-modules (fruix accounts)) at the top

(use-modules (fruix system))
(map user-account-name (list))
