;; Several independent errors at once.
;; error:
;;|   × the field `host-name` of `operating-system` is invalid
;;|     ╭─[systems/several-errors.scm:31:13]
;;|  30 │ (operating-system
;;|  31 │  (host-name "tower-")
;;|     ·             ────┬───
;;|     ·                 ╰── a host name is made of letters, digits, `-` and `.`, and begins and ends with a letter or digit
;;|  32 │  (base base)
;;|     ╰────
;;| Error:
;;|   × the field `shell` of `user-account` is invalid
;;|     ╭─[systems/several-errors.scm:34:49]
;;|  33 │  (file-systems (list (file-system (label "a b") (mount-point "/"))))
;;|  34 │  (users (list (user-account (name "ada") (shell "sh")))))
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
