;; A file with keys that has none.
;; machine
;; warning:
;;| fruix::eval::inconsistent
;;|   ⚠ `none.pub` holds no key
;;|     ╭─[systems/key-file-without.scm:27:60]
;;|  26 │  (file-systems (list (file-system (label "root") (mount-point "/"))))
;;|  27 │  (users (list (user-account (name "ada") (authorized-keys (list (local-file "lib/none.pub")))))))
;;|     ·                                                            ───────────────┬───────────────
;;|     ·                                                                           ╰── nobody can log in by it
;;|     ╰────
;;|   help: put lines of .pub files into it

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
 (users (list (user-account (name "ada") (authorized-keys (list (local-file "lib/none.pub")))))))
