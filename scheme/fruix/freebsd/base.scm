;; The base of a system: a world, a kernel and a loader, each from where the declaration says.
(require "fruix/records.scm")
(require "fruix/store.scm")
(require "fruix/derivations.scm")
(require "fruix/freebsd/source.scm")
(require "fruix/freebsd/world.scm")
(require "fruix/freebsd/kernel.scm")

(provide (record freebsd-base installed-freebsd)
         freebsd-base-world-item
         freebsd-base-kernel-item
         freebsd-base-boot-item
         check-base
         freebsd-base-provenance)

(define-record-type* installed-freebsd
  "A FreeBSD that is installed on the machine or in a directory of it, taken as it is (origin class `host`)."
  (path string
        (doc "The root of the installation: a directory with `bin`, `boot`, `etc`, … and, if made as an \
ordinary user, its METALOG.")))

(define-record-type* freebsd-base
  "What a system is based on. Each part is built from source, or taken from an installation."
  (version string (doc "What to call it, such as \"13.2-RELEASE\"; no part of what is built."))
  (world (or freebsd-world installed-freebsd) (doc "Programs, libraries, /etc and /rescue."))
  (kernel (or freebsd-kernel installed-freebsd) (doc "The kernel and its modules."))
  (boot (or (one-of 'world) installed-freebsd)
        (default 'world)
        (doc "The loader and its files: those of the world, or those of an installation.")))

(define (installed-slice installed slice outputs)
  (derivation (string-append "freebsd-" slice)
              #:builder "builtin:freebsd-installed"
              #:outputs outputs
              #:env (list (cons 'source (installed-tree (installed-freebsd-path installed)))
                          (cons 'slice slice))))

;;@doc
;; Reports what is wrong with a base, as far as the machine knows.
(define (check-base base)
  (let ([world (freebsd-base-world base)] [kernel (freebsd-base-kernel base)])
    (when (freebsd-world? world) (check-world world))
    (when (freebsd-kernel? kernel) (check-kernel kernel))))

;;@doc
;; The store object of the base's world.
(define (freebsd-base-world-item base)
  (let ([world (freebsd-base-world base)])
    (if (installed-freebsd? world)
        (installed-slice world "world" '("out" "dev" "debug"))
        (freebsd-world-item world))))

;;@doc
;; The store object of the base's kernel.
(define (freebsd-base-kernel-item base)
  (let ([kernel (freebsd-base-kernel base)])
    (if (installed-freebsd? kernel)
        (installed-slice kernel "kernel" '("out" "dev" "debug"))
        (freebsd-kernel-item kernel))))

;;@doc
;; The store object of the base's loader and its files: an item of its own, which stays the same when the world
;; changes and the loader does not.
(define (freebsd-base-boot-item base)
  (let ([boot (freebsd-base-boot base)])
    (if (installed-freebsd? boot)
        (installed-slice boot "boot" '("out"))
        (derivation "freebsd-boot"
                    #:builder "builtin:freebsd-boot"
                    #:env (list (cons 'world (freebsd-base-world-item base)))))))

(define (installed-provenance installed)
  (list (cons 'class "host")
        (cons 'storePathSha256 (digest-of (installed-tree (installed-freebsd-path installed))))))

;;@doc
;; What provenance says of a base, for `->json`.
(define (freebsd-base-provenance base)
  (let ([world (freebsd-base-world base)] [kernel (freebsd-base-kernel base)] [boot (freebsd-base-boot base)])
    (list (cons 'version (freebsd-base-version base))
          (cons 'world
                (if (installed-freebsd? world) (installed-provenance world) (freebsd-world-provenance world)))
          (cons 'kernel
                (if (installed-freebsd? kernel)
                    (installed-provenance kernel)
                    (freebsd-kernel-provenance kernel)))
          (cons 'boot
                (if (installed-freebsd? boot)
                    (installed-provenance boot)
                    (list (cons 'class (if (installed-freebsd? world) "host" "built"))
                          (cons 'from "world")))))))
