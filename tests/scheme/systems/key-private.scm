;; A file with a private key.
;; machine
;; error:
;;| fruix::eval::failed
;;|   × `id` holds a private key, and everybody may read what is in the store
;;|     ╭─[systems/key-private.scm:26:1]
;;|  25 │
;;|  26 │ ╭─▶ (operating-system
;;|  27 │ │    (host-name "tower")
;;|  28 │ │    (base base)
;;|  29 │ │    (file-systems (list (file-system (label "root") (mount-point "/"))))
;;|  30 │ ├─▶  (users (list (user-account (name "ada") (authorized-keys (list (local-file "lib/id")))))))
;;|     · ╰──── here
;;|     ╰────
;;|   help: did you mean `id.pub`?

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
 (users (list (user-account (name "ada") (authorized-keys (list (local-file "lib/id")))))))
