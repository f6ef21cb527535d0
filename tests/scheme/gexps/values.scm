;; What can be inserted into a gexp, and what becomes of it.
;; value: (#~(f "#$no" "a\n\"b\"" 5 -1.5 #t sym '("x" y 3) 1 2) #~(g (list 1 "two") (h 1) (h 2)) #~(symlink "/frx/store/x6fwhj5myipivdxz4cvshh2lbc1pcvk3-readme" "/frx/store/x6fwhj5myipivdxz4cvshh2lbc1pcvk3-readme/x" #$output #$output:dev) #t #f)

(use-modules (fruix gexp) (fruix store))

(define readme (plain-file "readme" "text"))
(define inner #~(list 1 #$"two"))
(define (text gexp) (store-path gexp))
(list #~(f "#$no" #$"a\n\"b\"" #$5 #$-1.5 #$#t #$'sym '#$(list "x" 'y 3) #$@(list 1 2))
      #~(g #$inner #$@(map (lambda (n) #~(h #$n)) '(1 2)))
      #~(symlink #$readme #$(file-append readme "/x") #$output #$output:dev)
      (gexp? inner)
      (gexp? '(list 1)))
