;; Texts that name each other.
;; value: (#<store-object /frx/store/whpnhqdcvdmlr8az16g4gvwza0a1dj16-a> #<store-object /frx/store/8nxxsfzdgx5d56v36achni5bbg6lz50r-b> "x=5y/frx/store/whpnhqdcvdmlr8az16g4gvwza0a1dj16-a")

(use-modules (fruix store) (fruix derivations))

(define a (plain-file "a" "hello\n"))
(list a (mixed-text-file "b" "see " a "\n") (text->string (text-append "x=" 5 'y a)))
