;; Keys string.
;; error:
;;| fruix::eval::field-type
;;|   × the field `authorized-keys` of `user-account` cannot be the string "ssh-ed25519 AAAA ada"
;;|     ╭─[systems/keys-string.scm:25:59]
;;|  24 │  (file-systems (list (file-system (label "root") (mount-point "/"))))
;;|  25 │  (users (list (user-account (name "ada") (authorized-keys "ssh-ed25519 AAAA ada")))))
;;|     ·                                                           ───────────┬──────────
;;|     ·                                                                      ╰── expected a list, each element a string or a file-like object, such as (local-file "…") or (plain-file "name" "text")
;;|     ╰────

(use-modules (fruix system) (fruix accounts) (fruix file-systems) (fruix services) (fruix services base)
             (fruix services networking) (fruix services ssh) (fruix freebsd base) (fruix freebsd source)
             (fruix freebsd world) (fruix freebsd kernel) (fruix store))

(define base
  (freebsd-base (version "13.2")
                (world (installed-freebsd (path "/")))
                (kernel (installed-freebsd (path "/")))))

(operating-system
 (host-name "tower")
 (base base)
 (file-systems (list (file-system (label "root") (mount-point "/"))))
 (users (list (user-account (name "ada") (authorized-keys "ssh-ed25519 AAAA ada")))))
