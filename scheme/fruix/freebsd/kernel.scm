;; Kernels.
(require "fruix/records.scm")
(require "fruix/strings.scm")
(require "fruix/freebsd/build.scm")
(require "fruix/freebsd/source.scm")

(provide (record freebsd-kernel)
         freebsd-kernel-item
         check-kernel
         freebsd-kernel-provenance)

(define-record-type* freebsd-kernel
  "A kernel with its modules, built from source; it needs no world. Its outputs are `out`, `dev` and `debug`."
  (source freebsd-source (doc "What it is built from."))
  (kernconf string
            (default "GENERIC")
            (doc "The name of the kernel configuration: one of the tree, or that of `kernconf-text`."))
  (kernconf-text
   (maybe string)
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
;; Reports what is wrong with a kernel, as far as the source tree says.
(define (check-kernel kernel)
  (let ([source (freebsd-kernel-source kernel)])
    (check-source source)
    (examine-source source kernel 'options 'options (freebsd-kernel-options kernel))
    (unless (freebsd-kernel-kernconf-text kernel)
      (examine-source source
                      kernel
                      'kernconf
                      'kernel-configuration
                      (list (freebsd-kernel-target kernel) (freebsd-kernel-kernconf kernel))))))

;;@doc
;; The store object of a kernel's `out`.
(define (freebsd-kernel-item kernel)
  (freebsd-build "freebsd-kernel"
                 (freebsd-kernel-source kernel)
                 (freebsd-kernel-toolchain kernel)
                 (parameters kernel)))

(define (parameters kernel)
  (append (list (cons 'kernconf (freebsd-kernel-kernconf kernel))
                (cons 'kernconfText (or (freebsd-kernel-kernconf-text kernel) ""))
                (cons 'modules (modules-text kernel)))
          (build-parameters (freebsd-kernel-target kernel)
                            (freebsd-kernel-target-arch kernel)
                            (freebsd-kernel-options kernel)
                            (freebsd-kernel-make-flags kernel))))

(define (modules-text kernel)
  (let ([modules (freebsd-kernel-modules kernel)])
    (cond
      [(symbol? modules) (symbol->string modules)]
      [(null? modules) "none"]
      [else (string-join modules " ")])))

;;@doc
;; What provenance says of a kernel, for `->json`.
(define (freebsd-kernel-provenance kernel)
  (freebsd-build-provenance (freebsd-kernel-source kernel)
                            (freebsd-kernel-toolchain kernel)
                            (parameters kernel)))

(define-lowering %freebsd-kernel
  (lambda (kernel)
    (check-kernel kernel)
    (end-if-reported)
    (freebsd-kernel-item kernel)))
