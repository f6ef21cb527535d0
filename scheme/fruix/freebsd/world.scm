;; The world: everything of FreeBSD but the kernel.
(require "fruix/records.scm")
(require "fruix/freebsd/build.scm")
(require "fruix/freebsd/source.scm")

(provide (record freebsd-world)
         freebsd-world-item
         check-world
         freebsd-world-provenance)

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
;; Reports what is wrong with a world, as far as the source tree says.
(define (check-world world)
  (let ([source (freebsd-world-source world)])
    (check-source source)
    (examine-source source world 'options 'options (freebsd-world-options world))))

;;@doc
;; The store object of a world's `out`.
(define (freebsd-world-item world)
  (freebsd-build "freebsd-world"
                 (freebsd-world-source world)
                 (freebsd-world-toolchain world)
                 (parameters world)))

(define (parameters world)
  (build-parameters (freebsd-world-target world)
                    (freebsd-world-target-arch world)
                    (freebsd-world-options world)
                    (freebsd-world-make-flags world)))

;;@doc
;; What provenance says of a world, for `->json`.
(define (freebsd-world-provenance world)
  (freebsd-build-provenance (freebsd-world-source world) (freebsd-world-toolchain world) (parameters world)))

(define-lowering %freebsd-world
  (lambda (world)
    (check-world world)
    (end-if-reported)
    (freebsd-world-item world)))
