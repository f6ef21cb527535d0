;; The base of a system: a world, a kernel and a loader, each from where the declaration says.
(require-builtin fruix/host)
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
  (world (or freebsd-world release-set installed-freebsd)
         (doc "All but the kernel: where what the fields for slices of it leave to the world comes from."))
  (kernel (or freebsd-kernel release-set installed-freebsd) (doc "The kernel and its modules."))
  (boot (or (one-of 'world) freebsd-world release-set installed-freebsd)
        (default 'world)
        (doc "The loader and its files."))
  (userland (or (one-of 'world) freebsd-world release-set installed-freebsd)
            (default 'world)
            (doc "Programs, /etc, and what is in no other slice."))
  (libraries (or (one-of 'world) freebsd-world release-set installed-freebsd)
             (default 'world)
             (doc "Shared and static libraries, with the run-time linker."))
  (headers (or (one-of 'world) freebsd-world release-set installed-freebsd)
           (default 'world)
           (doc "What is below /usr/include."))
  (policy (one-of 'any 'native-only)
          (default 'any)
          (doc "With `native-only`, a part that is not built from source is an error.")))

;; The slices of the world that a base takes from elsewhere, by field.
(define (other-slices base)
  (elsewhere (list (cons 'userland (freebsd-base-userland base))
                   (cons 'libraries (freebsd-base-libraries base))
                   (cons 'headers (freebsd-base-headers base)))))

(define (elsewhere parts)
  (filter (lambda (part) (not (symbol? (cdr part)))) parts))

;; The parts of a base that it names, by field. What a part says to be the world's is none of its own.
(define (named-parts base)
  (append (list (cons 'world (freebsd-base-world base)) (cons 'kernel (freebsd-base-kernel base)))
          (elsewhere (list (cons 'boot (freebsd-base-boot base))))
          (other-slices base)))

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
              #:env (list (cons 'source (installed-part installed slice)) (cons 'slice slice))))

;; No more of an installation than the slice: what else is in it makes no difference.
(define (installed-part installed slice)
  (installed-tree (installed-freebsd-path installed) #:slice slice))

;; The store object of a slice that is taken from PART, a set or an installation, as it is there.
(define (taken-slice part slice outputs)
  (if (release-set? part) (release-set-slice part slice outputs) (installed-slice part slice outputs)))

;; The store object of what PART has of a slice of the world: at least that slice.
(define (world-slice part slice)
  (if (freebsd-world? part) (freebsd-world-item part) (taken-slice part slice %world-outputs)))

(define %world-outputs
  '("out" "dev" "debug"))

;; Reports a part that is to be taken from an installation which does not have it.
(define (check-installed named)
  (let ([part (cdr named)])
    (when (installed-freebsd? part)
      (%examine (installed-freebsd-path part)
                'installed
                (list (symbol->string (car named)))
                (or (record-place part 'path) '())))))

;;@doc
;; Reports what is wrong with a base, as far as the machine knows.
(define (check-base base)
  (let ([parts (delete-duplicates (map cdr (named-parts base)))])
    (when (equal? (freebsd-base-policy base) 'native-only) (check-native base))
    (for-each check-installed (named-parts base))
    (for-each check-world (filter freebsd-world? parts))
    (for-each check-kernel (filter freebsd-kernel? parts))))

;;@doc
;; The store object of the base's world.
(define (freebsd-base-world-item base)
  (let ([world (world-slice (freebsd-base-world base) "world")] [others (other-slices base)])
    (define (all-outputs item)
      (text-join (map (lambda (output) (derivation-output item output)) %world-outputs)))
    (define (slice-outputs other)
      (let ([slice (symbol->string (car other))])
        (cons slice (all-outputs (world-slice (cdr other) slice)))))
    (if (null? others)
        world
        (derivation "freebsd-world"
                    #:builder "builtin:freebsd-mixed-world"
                    #:outputs %world-outputs
                    #:env (cons (cons 'world (all-outputs world)) (map slice-outputs others))))))

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
    (cond
      [(symbol? boot) (boot-of (freebsd-base-world-item base))]
      [(freebsd-world? boot) (boot-of (freebsd-world-item boot))]
      [else (taken-slice boot "boot" '("out"))])))

(define (boot-of world)
  (derivation "freebsd-boot" #:builder "builtin:freebsd-boot" #:env (list (cons 'world world))))

;; What provenance says of a part that is the slice of this name.
(define (part-provenance slice part)
  (cond
    [(release-set? part) (release-set-provenance part)]
    [(freebsd-world? part) (freebsd-world-provenance part)]
    [(freebsd-kernel? part) (freebsd-kernel-provenance part)]
    [else
     (list (cons 'class (origin-class part))
           (cons 'storePathSha256 (digest-of (installed-part part (symbol->string slice)))))]))

;;@doc
;; What provenance says of a base, for `->json`: of each part that it names.
(define (freebsd-base-provenance base)
  (append (list (cons 'version (freebsd-base-version base)))
          (map (lambda (named) (cons (car named) (part-provenance (car named) (cdr named))))
               (named-parts base))
          (if (symbol? (freebsd-base-boot base))
              (list (cons 'boot
                          (list (cons 'class (origin-class (freebsd-base-world base))) (cons 'from "world"))))
              '())))
