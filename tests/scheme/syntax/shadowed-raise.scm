;; A name of a missing form, bound by the user.
;; value: 1

((lambda (raise) (raise '(1))) car)
