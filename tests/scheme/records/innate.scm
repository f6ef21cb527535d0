;; An innate field is not inherited.
;; value: ("the first" "no note" "mine")

(use-modules (fruix records))

(define-record-type* host
  (name string)
  (note string (default "no note") (innate)))

(define one (host (name "one") (note "the first")))
(list (host-note one) (host-note (host (inherit one))) (host-note (host (inherit one) (note "mine"))))
