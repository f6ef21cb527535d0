;; The same of an imported type.
;; value: "x"

(require "lib/rule.scm")
(rule-match (rule (match "x")))
