;; A module found in a directory of -L.
;; search: modules/lib
;; value: (account (name "joe") (uid 1001))

(use-modules (mods accounts))

(account (name "joe"))
