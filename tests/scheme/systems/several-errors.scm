;; Several independent errors at once.
;; error:
;;| fruix::eval::invalid-field
;;|   × the field `host-name` of `operating-system` is invalid
;;|     ╭─[systems/several-errors.scm:32:13]
;;|  31 │ (operating-system
;;|  32 │  (host-name "tower-")
;;|     ·             ────┬───
;;|     ·                 ╰── a host name is made of letters, digits, `-` and `.`, and begins and ends with a letter or digit
;;|  33 │  (base base)
;;|     ╰────
;;| Error: fruix::eval::invalid-field
;;|   × the field `shell` of `user-account` is invalid
;;|     ╭─[systems/several-errors.scm:35:49]
;;|  34 │  (file-systems (list (file-system (label "a b") (mount-point "/"))))
;;|  35 │  (users (list (user-account (name "ada") (shell "sh")))))
;;|     ·                                                 ──┬─
;;|     ·                                                   ╰── expected an absolute path
;;|     ╰────

(use-modules (fruix system) (fruix accounts) (fruix file-systems) (fruix services) (fruix services base)
             (fruix services networking) (fruix services ssh) (fruix freebsd base) (fruix freebsd source)
             (fruix freebsd world) (fruix freebsd kernel))

(define base
  (freebsd-base (version "13.2") (world (installed-freebsd (path "/"))) (kernel (installed-freebsd (path "/")))))

(define root
  (file-system (label "root") (mount-point "/")))

(operating-system
 (host-name "tower-")
 (base base)
 (file-systems (list (file-system (label "a b") (mount-point "/"))))
 (users (list (user-account (name "ada") (shell "sh")))))
