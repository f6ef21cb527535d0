;; A derivation with everything, and one that uses it.
;; value: (#<store-object /frx/store/h58lazg2brwkfvz011m41f3qdxlad97b-hello> ("dev" "out") #<store-object /frx/store/g4bz3qyci2n5w3lff5znczjg14lq2ndl-user>)

(use-modules (fruix store) (fruix derivations))

(define hello
  (derivation "hello"
              #:builder "/bin/sh"
              #:system "x86_64-linux"
              #:args '("-c" "echo")
              #:env '((greeting . "hi") ("n" . 5) (yes . #t) (no . #f))
              #:outputs '("out" "dev")))

(define user
  (derivation "user"
              #:builder (file-append hello "/bin/x")
              #:env (list (cons 'both (list hello ":" (derivation-output hello "dev"))))))

(list hello (derivation-outputs hello) user)
