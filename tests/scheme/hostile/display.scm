;; What a declaration prints goes nowhere.
;; value: quiet

(display "noise")
(displayln "noise")
(newline)
(write "noise")
'quiet
