;; A file with keys that holds something else.
;; machine
;; error:
;;| fruix::eval::inconsistent
;;|   × `odd.pub` has a line that is no public key
;;|     ╭─[systems/key-file-odd.scm:27:60]
;;|  26 │  (file-systems (list (file-system (label "root") (mount-point "/"))))
;;|  27 │  (users (list (user-account (name "ada") (authorized-keys (list (local-file "lib/odd.pub")))))))
;;|     ·                                                            ───────────────┬──────────────
;;|     ·                                                                           ╰── expected lines of .pub files: a type, the key, and usually a comment
;;|     ╰────
;;|   help: the line begins with `hello world`

(use-modules (fruix system) (fruix accounts) (fruix file-systems) (fruix services) (fruix services base)
             (fruix services networking) (fruix services ssh) (fruix freebsd base) (fruix freebsd source)
             (fruix freebsd world) (fruix freebsd kernel) (fruix store))

(define base
  (freebsd-base (version "13.2")
                (world (installed-freebsd (path "lib/freebsd")))
                (kernel (installed-freebsd (path "lib/freebsd")))))

(operating-system
 (host-name "tower")
 (base base)
 (file-systems (list (file-system (label "root") (mount-point "/"))))
 (users (list (user-account (name "ada") (authorized-keys (list (local-file "lib/odd.pub")))))))
