;; A quoted name is no use of it.
;; value: (plain-file (local-file 2))

(list 'plain-file `(local-file ,(+ 1 1)))
