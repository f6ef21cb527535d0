;; A computed file is a derivation whose inputs are what its form names, in whatever file it stands.
;; value: (#<store-object /frx/store/nzpsa45xhnbs2zmffdpakmn2kvaxk85v-one> #t #f ("dev" "out") "/frx/store/a3lz49fq6k58d3qivi9944g9m8302s62-two")

(use-modules (fruix gexp) (fruix store) (fruix derivations))

(define tool (derivation "tool" #:builder "/bin/sh"))
(define one (computed-file "one" #~(symlink #$tool #$output)))
(define same (computed-file "one" #~(symlink #$tool #$output)))
(define other (computed-file "one" #~(symlink #$(file-append tool "/bin") #$output)))
(define two
  (computed-file "two"
                 #~(begin (make-directory #$output) (make-directory #$output:dev))
                 #:outputs '("out" "dev")))
(list one (equal? one same) (equal? one other) (derivation-outputs two) (text->string (store-path two)))
