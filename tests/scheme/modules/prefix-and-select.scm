;; Names with a prefix, and only some names.
;; search: modules/lib
;; value: ("hello" (0 1 2))

(use-modules ((mods accounts) #:prefix m:) ((fruix lists) #:select (iota)))

(list m:greeting (iota 3))
