;; The base of a system: a world, a kernel and a loader, each from where the declaration says.
(require "fruix/records.scm")
(require "fruix/store.scm")
(require "fruix/derivations.scm")
(require "fruix/lists/core.scm")
(require "fruix/freebsd/source.scm")
(require "fruix/freebsd/world.scm")
(require "fruix/freebsd/kernel.scm")
(require "fruix/freebsd/release.scm")

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
  "What a system is based on. Each part is built from source, fetched as a set of a release, or taken from an installation."
  (version string (doc "What to call it, such as \"13.2-RELEASE\"; no part of what is built."))
  (world (or freebsd-world release-set installed-freebsd) (doc "Programs, libraries, /etc and /rescue."))
  (kernel (or freebsd-kernel release-set installed-freebsd) (doc "The kernel and its modules."))
  (boot (or (one-of 'world) release-set installed-freebsd)
        (default 'world)
        (doc "The loader and its files: those of the world, of a set, or of an installation."))
  (policy (one-of 'any 'native-only)
          (default 'any)
          (doc "With `native-only`, a part that is not built from source is an error.")))

;; The parts of a base that it names, by field. What a part says to be the world's is none of its own.
(define (named-parts base)
  (filter (lambda (part) (not (symbol? (cdr part))))
          (list (cons 'world (freebsd-base-world base))
                (cons 'kernel (freebsd-base-kernel base))
                (cons 'boot (freebsd-base-boot base)))))

;; Where a part comes from: built here from source, fetched as somebody published it, or copied from an installation.
(define (origin-class part)
  (cond
    [(release-set? part) "fetched"]
    [(installed-freebsd? part) "host"]
    [else "native"]))

;; Reports each part that was not built from source, with the record that pulls it in.
(define (check-native base)
  (for-each (lambda (named)
              (let ([class (origin-class (cdr named))])
                (unless (equal? class "native") (report-foreign base (car named) (cdr named) class))))
            (named-parts base)))

(define (report-foreign base field part class)
  (let ([place (record-place base field)] [origin (record-place part)])
    (report-at place
               (string-append "the part `" (symbol->string field)
                              "` of this `native-only` base is "
                              (if (equal? class "host") "copied from an installation" "fetched"))
               (string-append "its origin class is `" class "`")
               "build it from source, or leave the policy out"
               (append (if (and origin place (inside? origin place))
                           '()
                           (list (list origin "this record pulls it in")))
                       (list (list (record-place base 'policy) "required here"))))))

;; Whether a place, a start with an end and a file, lies in another one.
(define (inside? place other)
  (and (equal? (list-ref place 2) (list-ref other 2))
       (<= (list-ref other 0) (list-ref place 0) (list-ref place 1) (list-ref other 1))))

(define (installed-slice installed slice outputs)
  (derivation (string-append "freebsd-" slice)
              #:builder "builtin:freebsd-installed"
              #:outputs outputs
              #:env (list (cons 'source (installed-tree (installed-freebsd-path installed)))
                          (cons 'slice slice))))

;; The store object of a slice that is taken from PART, a set or an installation, as it is there.
(define (taken-slice part slice outputs)
  (if (release-set? part) (release-set-slice part slice outputs) (installed-slice part slice outputs)))

;;@doc
;; Reports what is wrong with a base, as far as the machine knows.
(define (check-base base)
  (let ([world (freebsd-base-world base)] [kernel (freebsd-base-kernel base)])
    (when (equal? (freebsd-base-policy base) 'native-only) (check-native base))
    (when (freebsd-world? world) (check-world world))
    (when (freebsd-kernel? kernel) (check-kernel kernel))))

;;@doc
;; The store object of the base's world.
(define (freebsd-base-world-item base)
  (let ([world (freebsd-base-world base)])
    (if (freebsd-world? world)
        (freebsd-world-item world)
        (taken-slice world "world" '("out" "dev" "debug")))))

;;@doc
;; The store object of the base's kernel.
(define (freebsd-base-kernel-item base)
  (let ([kernel (freebsd-base-kernel base)])
    (if (freebsd-kernel? kernel)
        (freebsd-kernel-item kernel)
        (taken-slice kernel "kernel" '("out" "dev" "debug")))))

;;@doc
;; The store object of the base's loader and its files: an item of its own, which stays the same when the world
;; changes and the loader does not.
(define (freebsd-base-boot-item base)
  (let ([boot (freebsd-base-boot base)])
    (if (symbol? boot)
        (derivation "freebsd-boot"
                    #:builder "builtin:freebsd-boot"
                    #:env (list (cons 'world (freebsd-base-world-item base))))
        (taken-slice boot "boot" '("out")))))

;; What provenance says of a part that is taken as it is.
(define (taken-provenance part)
  (if (release-set? part)
      (release-set-provenance part)
      (list (cons 'class (origin-class part))
            (cons 'storePathSha256 (digest-of (installed-tree (installed-freebsd-path part)))))))

;;@doc
;; What provenance says of a base, for `->json`.
(define (freebsd-base-provenance base)
  (let ([world (freebsd-base-world base)] [kernel (freebsd-base-kernel base)] [boot (freebsd-base-boot base)])
    (list (cons 'version (freebsd-base-version base))
          (cons 'world
                (if (freebsd-world? world) (freebsd-world-provenance world) (taken-provenance world)))
          (cons 'kernel
                (if (freebsd-kernel? kernel) (freebsd-kernel-provenance kernel) (taken-provenance kernel)))
          (cons 'boot
                (if (symbol? boot)
                    (list (cons 'class (origin-class world)) (cons 'from "world"))
                    (taken-provenance boot))))))
