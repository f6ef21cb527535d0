;; Kernels.
(require "fruix/records.scm")
(require "fruix/store.scm")
(require "fruix/derivations.scm")
(require "fruix/freebsd/source.scm")
(require "fruix/freebsd/world.scm")

(provide freebsd-kernel
         freebsd-kernel?
         freebsd-kernel-source
         freebsd-kernel-kernconf
         freebsd-kernel-kernconf-text
         freebsd-kernel-modules
         freebsd-kernel-options
         freebsd-kernel-item
         freebsd-kernel-provenance)

(define-record-type* freebsd-kernel
  "A kernel with its modules, built from source; it needs no world. Its outputs are `out`, `dev` and `debug`."
  (source freebsd-source (doc "What it is built from."))
  (kernconf string
            (default "GENERIC")
            (doc "The name of the kernel configuration: one of the tree, or that of `kernconf-text`."))
  (kernconf-text (maybe string)
                 (default #f)
                 (doc "A configuration of your own, commonly built on another: \"include GENERIC\\nident MINE\\n…\"."))
  (modules (or (one-of 'all 'none) (list-of string))
           (default 'all)
           (doc "Which modules to build: all, none, or those with these names below sys/modules."))
  (target string (default "amd64") (doc "The machine type, as TARGET of build(7)."))
  (target-arch string (default "amd64") (doc "The processor type, as TARGET_ARCH of build(7)."))
  (options (list-of (or symbol string)) (default '()) (doc "Options of src.conf(5)."))
  (make-flags (list-of string) (default '()) (doc "Further arguments of make."))
  (toolchain (or (list-of string) file-like)
             (default %freebsd-toolchain)
             (doc "What it is built with: packages of the machine, or an item.")))

;;@doc
;; The store object of a kernel's `out`.
(define (freebsd-kernel-item kernel)
  (let ([source (freebsd-source-tree (freebsd-kernel-source kernel))]
        [toolchain (toolchain-item (freebsd-kernel-toolchain kernel))])
    (derivation "freebsd-kernel"
                #:builder "builtin:freebsd-kernel"
                #:system "x86_64-linux"
                #:outputs '("out" "dev" "debug")
                #:env (list (cons 'source source)
                            (cons 'toolchain toolchain)
                            (cons 'target (freebsd-kernel-target kernel))
                            (cons 'targetArch (freebsd-kernel-target-arch kernel))
                            (cons 'kernconf (freebsd-kernel-kernconf kernel))
                            (cons 'kernconfText (or (freebsd-kernel-kernconf-text kernel) ""))
                            (cons 'modules (modules-text kernel))
                            (cons 'srcConf (src-conf-text (freebsd-kernel-options kernel)))
                            (cons 'makeFlags (text-join (freebsd-kernel-make-flags kernel)))
                            (cons 'disallowedReferences (text-join (list source toolchain)))))))

(define (modules-text kernel)
  (let ([modules (freebsd-kernel-modules kernel)])
    (cond
      [(symbol? modules) (symbol->string modules)]
      [(null? modules) "none"]
      [else (text-join modules)])))

;;@doc
;; What provenance says of a kernel, for `->json`.
(define (freebsd-kernel-provenance kernel)
  (list (cons 'class "built")
        (cons 'source (freebsd-source-provenance (freebsd-kernel-source kernel)))
        (cons 'kernconf (freebsd-kernel-kernconf kernel))
        (cons 'kernconfText (or (freebsd-kernel-kernconf-text kernel) ""))
        (cons 'modules (modules-text kernel))
        (cons 'target (freebsd-kernel-target kernel))
        (cons 'targetArch (freebsd-kernel-target-arch kernel))
        (cons 'srcConf (src-conf-text (freebsd-kernel-options kernel)))
        (cons 'makeFlags (freebsd-kernel-make-flags kernel))
        (cons 'toolchainStorePathSha256 (digest-of (toolchain-item (freebsd-kernel-toolchain kernel))))))

(define-lowering %freebsd-kernel freebsd-kernel-item)
