;; Record called.
;; error:
;;| fruix::eval::failed
;;|   × a record is called like a procedure
;;|     ╭─[records/record-called.scm:13:3]
;;|  12 │ (use-modules (fruix accounts))
;;|  13 │ ((user-account (name "ada")))
;;|     ·   ────────────┬───────────
;;|     ·               ╰── here
;;|     ╰────

(use-modules (fruix accounts))
((user-account (name "ada")))
