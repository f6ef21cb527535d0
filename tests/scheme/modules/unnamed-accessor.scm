;; The same of a name that a record type defines.
;; error:
;;|   × `user-account-name` is not defined
;;|     ╭─[modules/unnamed-accessor.scm:13:6]
;;|  12 │ (use-modules (fruix system))
;;|  13 │ (map user-account-name (list))
;;|     ·      ────────┬────────
;;|     ·              ╰── not known here
;;|     ╰────
;;|   help: it is part of (fruix accounts): add (use-modules (fruix accounts)) at the top

(use-modules (fruix system))
(map user-account-name (list))
