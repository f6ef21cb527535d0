;; Releases of FreeBSD as their makers publish them: distribution sets, taken as they are.
(require "fruix/records.scm")
(require "fruix/store.scm")
(require "fruix/derivations.scm")
(require "fruix/freebsd/source.scm")

(provide (record release-set)
         release-set-slice
         release-set-provenance)

(define-record-type* release-set
  "A distribution set of a release, such as base.txz, fetched and taken as it is (origin class `fetched`)."
  (url string (doc "Where it is: https://, http:// or file://."))
  (sha256
   string
   (check check-digest)
   (doc
    "Its digest, as the MANIFEST of the release has it. A MANIFEST that lies beside its sets proves nothing: take \
it from where you trust it.")))

(define (archive set)
  (derivation "freebsd-release-set"
              #:builder "builtin:fetch"
              #:env (list (cons 'url (release-set-url set)) (cons 'unpack #f))
              #:hash (digest-text (release-set-sha256 set))))

;;@doc
;; The store object of a slice of a set, `world`, `kernel` or `boot`, with the outputs of what would have been built.
(define (release-set-slice set slice outputs)
  (derivation (string-append "freebsd-" slice)
              #:builder "builtin:freebsd-release-set"
              #:outputs outputs
              #:env (list (cons 'set (archive set)) (cons 'slice slice))))

;;@doc
;; What provenance says of a set, for `->json`.
(define (release-set-provenance set)
  (list (cons 'class "fetched")
        (cons 'url (release-set-url set))
        (cons 'sha256 (release-set-sha256 set))))
