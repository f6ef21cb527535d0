;; Whether a file is there is no value.
;; error:
;;| fruix::eval::missing-input
;;|   × a local file is not available here
;;|   help: what a declaration means may not depend on whether this is there: do not catch the error

(use-modules (fruix store))
(with-handler (lambda (e) 'absent) (local-file "nope"))
