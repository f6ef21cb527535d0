;; What fails in a module is shown there: the module is the user's own.
;; search: modules/lib
;; error:
;;| fruix::eval::failed
;;|   × the uid 0 is reserved
;;|     ╭─[modules/lib/mods/accounts.scm:12:7]
;;|  11 │   (if (equal? (account-uid account) 0)
;;|  12 │       (error "the uid 0 is reserved")
;;|     ·       ───────────────┬───────────────
;;|     ·                      ╰── here
;;|  13 │       account))
;;|     ╰────

(use-modules (mods accounts))

(list (check-account (account (name "root") (uid 0))))
