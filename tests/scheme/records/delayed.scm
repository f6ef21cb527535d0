;; A delayed field is evaluated at most once, and not at all if it is not used.
;; value: (0 1 1 1 11 11 11)

(use-modules (fruix records))

(define count 0)

(define-record-type* report
  (title string (default "none"))
  (pages integer (delayed))
  (index integer (default (begin (set! count (+ count 10)) count)) (delayed)))

(define one (report (pages (begin (set! count (+ count 1)) count))))
(define other (report (inherit one) (title "other")))
(define unused (report (pages (error "never evaluated"))))
(list count (report-pages one) (report-pages one) (report-pages other) (report-index other) (report-index one)
      count)
