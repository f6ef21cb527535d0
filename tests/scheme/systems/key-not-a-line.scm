;; A key that is no line of a .pub file.
;; error:
;;| fruix::eval::invalid-field
;;|   × the field `authorized-keys` of `user-account` is invalid
;;|     ╭─[systems/key-not-a-line.scm:22:45]
;;|  21 │
;;|  22 │ (user-account (name "ada") (authorized-keys (list "AAAAC3NzaC1lZDI1NTE5AAAAI")))
;;|     ·                                             ─────────────────┬────────────────
;;|     ·                                                              ╰── expected a line of a .pub file: a type, the key, and usually a comment
;;|     ╰────

(use-modules (fruix system) (fruix accounts) (fruix file-systems) (fruix services) (fruix services base)
             (fruix services networking) (fruix services ssh) (fruix freebsd base) (fruix freebsd source)
             (fruix freebsd world) (fruix freebsd kernel))

(define base
  (freebsd-base (version "13.2") (world (installed-freebsd (path "/"))) (kernel (installed-freebsd (path "/")))))

(define root
  (file-system (label "root") (mount-point "/")))

(user-account (name "ada") (authorized-keys (list "AAAAC3NzaC1lZDI1NTE5AAAAI")))
