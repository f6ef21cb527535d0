;; A name that no account can have.
;; error:
;;| fruix::eval::invalid-field
;;|   × the field `name` of `user-account` is invalid
;;|     ╭─[systems/user-name.scm:22:21]
;;|  21 │
;;|  22 │ (user-account (name "ada:lovelace"))
;;|     ·                     ───────┬──────
;;|     ·                            ╰── an account's name has at most 32 letters, digits and `_-.`, with a letter or `_` first
;;|     ╰────

(use-modules (fruix system) (fruix accounts) (fruix file-systems) (fruix services) (fruix services base)
             (fruix services networking) (fruix services ssh) (fruix freebsd base) (fruix freebsd source)
             (fruix freebsd world) (fruix freebsd kernel))

(define base
  (freebsd-base (version "13.2") (world (installed-freebsd (path "/"))) (kernel (installed-freebsd (path "/")))))

(define root
  (file-system (label "root") (mount-point "/")))

(user-account (name "ada:lovelace"))
