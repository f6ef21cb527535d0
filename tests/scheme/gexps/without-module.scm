;; A gexp brings its module with it.
;; value: (#~(write-file #$output "Hello " "you") #t)

(define (form name) #~(write-file #$output "Hello " #$name))
(list (form "you") (gexp? (form "me")))
