;; A record that can be built stands for its store object in gexps, texts and derivations.
;; value: ("/frx/store/lj02jfyk475km5ys3km2w7mf7y78n324-tool/bin" "PATH=/frx/store/lj02jfyk475km5ys3km2w7mf7y78n324-tool/bin" #~(copy-recursively "/frx/store/lj02jfyk475km5ys3km2w7mf7y78n324-tool" #$output) #t #f #t "tool")

(use-modules (fruix records) (fruix gexp) (fruix store) (fruix derivations))

(define-record-type* package (name string) (file file-like (default (plain-file "x" "y"))))
(define-lowering %package (lambda (it) (derivation (package-name it) #:builder "/bin/sh")))

(define tool (package (name "tool")))
(list (text->string (file-append tool "/bin"))
      (text->string (text-append "PATH=" tool "/bin"))
      #~(copy-recursively #$tool #$output)
      (file-like? tool)
      (file-like? 5)
      (equal? (store-path (lower tool)) (store-path tool))
      (package-name (package-file (package (name "own") (file tool)))))
