;; What a system needs besides what a declaration is about.
(use-modules (fruix file-systems) (fruix freebsd base))
(provide base root)

(define base
  (freebsd-base (version "13.2")
                (world (installed-freebsd (path "/")))
                (kernel (installed-freebsd (path "/")))))

(define root (file-system (label "root") (mount-point "/")))
