;; The world: everything of FreeBSD but the kernel.
(require "fruix/records.scm")
(require "fruix/store.scm")
(require "fruix/derivations.scm")
(require "fruix/lists.scm")
(require "fruix/freebsd/source.scm")

(provide freebsd-world
         freebsd-world?
         freebsd-world-source
         freebsd-world-target
         freebsd-world-target-arch
         freebsd-world-options
         freebsd-world-toolchain
         freebsd-world-item
         freebsd-world-provenance
         src-conf-text)

(define-record-type* freebsd-world
  "A world, built from source. Its outputs are `out` (what a system runs), `dev` and `debug`."
  (source freebsd-source (doc "What it is built from."))
  (target string (default "amd64") (doc "The machine type, as TARGET of build(7)."))
  (target-arch string (default "amd64") (doc "The processor type, as TARGET_ARCH of build(7)."))
  (options (list-of (or symbol string))
           (default '())
           (doc "Options of src.conf(5), such as WITHOUT_TESTS; all have the value yes."))
  (make-flags (list-of string) (default '()) (doc "Further arguments of make, such as \"NAME=VALUE\"."))
  (toolchain (or (list-of string) file-like)
             (default %freebsd-toolchain)
             (doc "What it is built with: packages of the machine, or an item.")))

;;@doc
;; The text of a src.conf that sets options. Their order means nothing to make, so it means nothing here.
(define (src-conf-text options)
  (let ([names (map (lambda (option) (if (symbol? option) (symbol->string option) option)) options)])
    (apply string-append
           (map (lambda (name) (string-append name "=yes\n")) (sort (delete-duplicates names) string<?)))))

;;@doc
;; The store object of a world's `out`.
(define (freebsd-world-item world)
  (let ([source (freebsd-source-tree (freebsd-world-source world))]
        [toolchain (toolchain-item (freebsd-world-toolchain world))])
    (derivation "freebsd-world"
                #:builder "builtin:freebsd-world"
                #:system "x86_64-linux"
                #:outputs '("out" "dev" "debug")
                #:env (list (cons 'source source)
                            (cons 'toolchain toolchain)
                            (cons 'target (freebsd-world-target world))
                            (cons 'targetArch (freebsd-world-target-arch world))
                            (cons 'srcConf (src-conf-text (freebsd-world-options world)))
                            (cons 'makeFlags (text-join (freebsd-world-make-flags world)))
                            (cons 'disallowedReferences (text-join (list source toolchain)))))))

;;@doc
;; What provenance says of a world, for `->json`.
(define (freebsd-world-provenance world)
  (list (cons 'class "built")
        (cons 'source (freebsd-source-provenance (freebsd-world-source world)))
        (cons 'target (freebsd-world-target world))
        (cons 'targetArch (freebsd-world-target-arch world))
        (cons 'srcConf (src-conf-text (freebsd-world-options world)))
        (cons 'makeFlags (freebsd-world-make-flags world))
        (cons 'toolchainStorePathSha256 (digest-of (toolchain-item (freebsd-world-toolchain world))))))

(define-lowering %freebsd-world freebsd-world-item)
