;; JSON from Scheme.
;; value: "{\"b\":[1,2.5,\"x\\\"\\n\",true,\"sym\"],\"a\":\"/frx/store/0alhk7037vca9d41ciy6pwb9b43kcf03-a\",\"h\":{\"y\":[],\"z\":1},\"n\":null}"

(use-modules (fruix store) (fruix derivations))

(define a (plain-file "a" ""))
(->json (list (cons 'b (list 1 2.5 "x\"\n" #t 'sym))
              (cons 'a a)
              (cons 'h (hash "z" 1 "y" '()))
              (cons 'n void)))
