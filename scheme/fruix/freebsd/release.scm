;; Releases of FreeBSD as their makers publish them: distribution sets, taken as they are.
(require-builtin fruix/host)
(require "fruix/records.scm")
(require "fruix/store.scm")
(require "fruix/derivations.scm")
(require "fruix/freebsd/source.scm")

(provide (record release-manifest release-set)
         release-set-slice
         release-set-provenance)

(define-record-type* release-manifest
  "The MANIFEST of a release, which lists its sets and their digests. One that lies beside its sets proves nothing, so \
it is pinned by a digest of its own."
  (url string (doc "Where it is, beside its sets: https://, http:// or file://."))
  (sha256 string (check check-digest) (doc "Its digest: take it from where you trust it."))
  (path
   (maybe string)
   (default #f)
   (doc
    "A file that holds it, such as one beside the declaration: then nothing is fetched to evaluate that.")))

(define-record-type* release-set
  "A distribution set of a release, such as base.txz, fetched and taken as it is (origin class `fetched`). It has either \
a `url` and a `sha256`, or a `manifest` and a `name`."
  (url (maybe string)
       (default #f)
       (doc "Where it is: https://, http:// or file://. With a `manifest`, beside that if it is not given."))
  (sha256 (maybe string) (default #f) (check check-digest) (doc "Its digest."))
  (manifest (maybe release-manifest) (default #f) (doc "What lists it with its digest."))
  (name (maybe string) (default #f) (doc "What the MANIFEST calls it, such as \"base.txz\".")))

;; The address and the digest of a set. A MANIFEST is read while the declaration is evaluated: what is built is the same
;; whichever of the two has said the digest.
(define (pin set)
  (let ([url (release-set-url set)]
        [digest (release-set-sha256 set)]
        [manifest (release-set-manifest set)]
        [name (release-set-name set)])
    (define (refuse field message label)
      (record-error set field message label "give (url …) and (sha256 …), or (manifest …) and (name …)"))
    (cond
      [(and manifest digest)
       (refuse 'sha256 "`release-set` has both a digest and a MANIFEST" "which of the two?")]
      [(and manifest name)
       (let ([listed (%listed-set (release-manifest-path manifest)
                                  (release-manifest-url manifest)
                                  (release-manifest-sha256 manifest)
                                  name
                                  (record-place manifest (if (release-manifest-path manifest) 'path 'url))
                                  (record-place set 'name))])
         (list (or url (list-ref listed 0)) (list-ref listed 1)))]
      [manifest
       (refuse 'manifest "`release-set` does not say which set of the MANIFEST it is" "it lists several")]
      [name (refuse 'name "a set has a name in a MANIFEST, and there is none" "not used without one")]
      [(not url) (refuse #f "`release-set` does not say where the set is" #f)]
      [(not digest) (refuse 'url "the set at this URL is not pinned" "what is there may change")]
      [else (list url digest)])))

(define (archive set)
  (let ([pinned (pin set)])
    (derivation "freebsd-release-set"
                #:builder "builtin:fetch"
                #:env (list (cons 'url (list-ref pinned 0)) (cons 'unpack #f))
                #:hash (digest-text (list-ref pinned 1)))))

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
  (let ([pinned (pin set)] [manifest (release-set-manifest set)])
    (append (list (cons 'class "fetched")
                  (cons 'url (list-ref pinned 0))
                  (cons 'sha256 (list-ref pinned 1)))
            (if manifest
                (list (cons 'manifest
                            (list (cons 'url (release-manifest-url manifest))
                                  (cons 'sha256 (release-manifest-sha256 manifest)))))
                '()))))
