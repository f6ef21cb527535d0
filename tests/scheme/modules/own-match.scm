;; A library's name of a missing form.
;; value: (1 2)

(require "lib/match.scm")
(match 1 2)
