;; What is to be copied from an installation has to be there; all that is not is told at once.
;; machine
;; error:
;;| fruix::eval::inconsistent
;;|   × cannot read `/nonexistent`: No such file or directory (os error 2)
;;|     ╭─[systems/host-lacks.scm:31:37]
;;|  30 │    (world (installed-freebsd (path "lib/freebsd")))
;;|  31 │    (kernel (installed-freebsd (path "/nonexistent")))
;;|     ·                                     ───────┬──────
;;|     ·                                            ╰── to be taken from here
;;|  32 │    (libraries (installed-freebsd (path "/dev")))))
;;|     ╰────
;;|   help: see that it exists and that you may read it
;;| Error: fruix::eval::inconsistent
;;|   × `/dev` is not an installed FreeBSD, or has no libraries: there is no `libexec/ld-elf.so.1`
;;|     ╭─[systems/host-lacks.scm:32:40]
;;|  31 │    (kernel (installed-freebsd (path "/nonexistent")))
;;|  32 │    (libraries (installed-freebsd (path "/dev")))))
;;|     ·                                        ───┬──
;;|     ·                                           ╰── to be taken from here
;;|  33 │
;;|     ╰────
;;|   help: name the root of an installed tree, such as the DESTDIR of `make installworld`

(use-modules (fruix system) (fruix file-systems) (fruix freebsd base))

(define base
  (freebsd-base
   (version "13.2")
   (world (installed-freebsd (path "lib/freebsd")))
   (kernel (installed-freebsd (path "/nonexistent")))
   (libraries (installed-freebsd (path "/dev")))))

(operating-system
 (host-name "tower")
 (base base)
 (file-systems (list (file-system (label "root") (mount-point "/")))))
