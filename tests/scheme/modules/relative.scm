;; A file by its relative path; it uses another one by a path relative to itself.
;; value: ("a" "b")

(require "lib/a.scm")
both
