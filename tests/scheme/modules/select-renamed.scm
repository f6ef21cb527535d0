;; A name for this file alone.
;; value: 6

(use-modules ((fruix lists) #:select ((iota . count-up) fold)))
(fold + 0 (count-up 4))
