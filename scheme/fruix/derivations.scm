;; Derivations: what to build, from what, with which builder.
(require-builtin fruix/host)
(require "fruix/records.scm")
(require "fruix/store.scm")

(provide derivation
         derivation-output
         derivation-outputs
         mixed-text-file)

;;@doc
;; A derivation: the store object of its output `out` (or of its first, if it has no `out`).
;;
;; BUILDER is "builtin:NAME" or the path of a program. ENV is a list of (name . value) pairs; a value is a string, a
;; number, a boolean (#t is 1, #f empty), a store object, or a list of such that are put together. Whatever store
;; object is named in BUILDER, ARGS, ENV or INPUTS becomes an input. HASH ("sha256:…" or "sha256-…") declares the
;; contents: of the one file, or, if RECURSIVE, of the NAR.
(define (derivation name
                    #:builder builder
                    #:system [system "builtin"]
                    #:args [args '()]
                    #:env [env '()]
                    #:inputs [inputs '()]
                    #:outputs [outputs '("out")]
                    #:hash [hash #f]
                    #:recursive [recursive #f])
  (%derivation name
               (lowered builder)
               system
               (lowered args)
               (lowered env)
               (lowered inputs)
               outputs
               hash
               recursive))

;;@doc
;; Another output of the derivation that OBJECT is an output of: (derivation-output world "debug").
(define (derivation-output object name)
  (%derivation-output (lowered object) name))

;;@doc
;; The names of all outputs of the derivation that OBJECT is an output of.
(define (derivation-outputs object)
  (%derivation-outputs (lowered object)))

;;@doc
;; A file in the store whose text is PARTS put together. It may name outputs of derivations; then the file is made
;; when they have been built.
(define (mixed-text-file name . parts)
  (let ([parts (lowered parts)])
    (if (%text-has-outputs? parts)
        (derivation name #:builder "builtin:text" #:env (list (cons 'text parts)))
        (plain-file name parts))))
