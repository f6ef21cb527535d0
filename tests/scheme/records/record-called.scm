;; Record called.
;; error:
;;|   × a record is called like a procedure
;;|     ╭─[records/record-called.scm:12:3]
;;|  11 │ (use-modules (fruix accounts))
;;|  12 │ ((user-account (name "ada")))
;;|     ·   ────────────┬───────────
;;|     ·               ╰── here
;;|     ╰────

(use-modules (fruix accounts))
((user-account (name "ada")))
