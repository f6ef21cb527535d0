;; What worlds and kernels have in common: both are built from a source tree, by make, for a machine.
(require "fruix/store.scm")
(require "fruix/derivations.scm")
(require "fruix/lists/core.scm")
(require "fruix/freebsd/source.scm")
(require "fruix-std/sort")

(provide src-conf-text
         build-parameters
         freebsd-build
         freebsd-build-provenance)

;;@doc
;; The text of a src.conf that sets options. Their order means nothing to make, so it means nothing here.
(define (src-conf-text options)
  (let ([names (map (lambda (option) (if (symbol? option) (symbol->string option) option)) options)])
    (apply string-append
           (map (lambda (name) (string-append name "=yes\n")) (sort (delete-duplicates names) string<?)))))

;;@doc
;; The parameters that every build has, as (name . value): a value is a string or a list of strings.
(define (build-parameters target target-arch options make-flags)
  (list (cons 'target target)
        (cons 'targetArch target-arch)
        (cons 'srcConf (src-conf-text options))
        (cons 'makeFlags make-flags)))

;;@doc
;; The derivation NAME, by the builder of this name: SOURCE built with TOOLCHAIN. Neither may be referred to by what
;; comes out, or every system would hold a source tree and a compiler.
(define (freebsd-build name source toolchain parameters)
  (let ([tree (freebsd-source-tree source)] [tools (toolchain-item toolchain)])
    (derivation name
                #:builder (string-append "builtin:" name)
                #:system "x86_64-linux"
                #:outputs '("out" "dev" "debug")
                #:env (append (list (cons 'source tree)
                                    (cons 'toolchain tools)
                                    (cons 'disallowedReferences (text-join (list tree tools))))
                              (map environment-entry parameters)))))

(define (environment-entry parameter)
  (let ([value (cdr parameter)]) (cons (car parameter) (if (list? value) (text-join value) value))))

;;@doc
;; What provenance says of such a build, for `->json`.
(define (freebsd-build-provenance source toolchain parameters)
  (append (list (cons 'class "native") (cons 'source (freebsd-source-provenance source)))
          parameters
          (list (cons 'toolchainStorePathSha256 (digest-of (toolchain-item toolchain))))))
