;; Gexps behind expressions that do not count, and marks in a text that are none.
;; value: (#<store-object /frx/store/p9f0y3c2nk4m7nq5nfimn2i26kqm687x-a> "#~(a #$b)\n")
(use-modules (fruix gexp) (fruix store))

(list (computed-file "a" #;(b "c") #~(list #$output)) #<<END
#~(a #$b)
END)
