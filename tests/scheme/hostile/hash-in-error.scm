;; Messages show values.
;; value: "error: a hash has no order\nturn it into a list first, with hash->list"

(with-handler (lambda (e) (error-object-message e)) (error (hash 'a 1 'b 2)))
