;; Strings.
;; value: (("a" "b" "" "c") ("a" "b") "a b" "" #t #t 2 #t)

(use-modules (fruix strings))
(list (string-split "a,b,,c" ",")
      (string-split "a b" #\space)
      (string-join '("a" "b"))
      (string-join '() ",")
      (string-prefix? "ab" "abc")
      (string-suffix? "bc" "abc")
      (string-index "ab1" char-digit?)
      (string-every char-digit? "12"))
