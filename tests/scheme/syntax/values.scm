;; Plain values.
;; value: (1 -2.5 "a\"b\n" sym #t #f () (1 . 2) #(1 2) #\a)

(list 1 -2.5 "a\"b\n" 'sym #t #f '() (cons 1 2) (vector 1 2) #\a)
