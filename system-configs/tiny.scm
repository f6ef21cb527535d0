;; The miniature tree of examples/tiny-src as a system: all of the way from a declaration to a booted machine, in a
;; minute. It has FreeBSD's interfaces and nothing else of it, and no one can log in: there is no user land to run.
;;
;;   fruix system vm system-configs/tiny.scm
(use-modules (fruix system)
             (fruix accounts)
             (fruix file-systems)
             (fruix freebsd base)
             (fruix freebsd kernel)
             (fruix freebsd source)
             (fruix freebsd world))

(define source
  (freebsd-source (path "../examples/tiny-src")))

;; What its makefiles call: no more, so that the tool chain is soon in the store.
(define tools
  '("clang-14" "lld-14" "llvm-14" "make" "python3" "dash" "coreutils" "sed" "grep" "findutils"))

(operating-system
 (host-name "tiny")

 (base (freebsd-base
        (version "tiny")
        (world (freebsd-world (source source) (toolchain tools)))
        (kernel (freebsd-kernel (source source) (kernconf "TINY") (modules 'none) (toolchain tools)))))

 (file-systems (list (file-system (label "fruix-root") (mount-point "/"))))

 (loader '(("autoboot_delay" . "0"))))
