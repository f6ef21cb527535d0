;; File-like objects: what lies, or will lie, in the store.
;;
;; A *store object* stands for one store path: an output of a derivation, a text, or a source. A *text with store
;; paths* is a string that remembers the store objects it names, so that whatever uses the text depends on them. Both
;; can stand wherever this module asks for a text, and so can a record that can be built; `string-append` does not know
;; them, `text-append` does.
(require-builtin fruix/host)
(require "fruix/records.scm")

(provide store-object?
         file-like?
         text-append
         text-join
         text->string
         store-path
         file-append
         plain-file
         local-file
         local-tree
         installed-tree
         host-toolchain
         git-tree
         ->json
         sha256)

;;@doc
;; Whether VALUE is a store object.
(define (store-object? value)
  (%store-object? value))

;;@doc
;; Whether VALUE is a store object, a text with store paths, or a record that can be built.
(define (file-like? value)
  (or (%mixed-text? value) (lowerable? value)))

;;@doc
;; One text made of PARTS: strings, numbers, symbols, store objects (their paths), texts, and lists of such.
(define (text-append . parts)
  (%mixed-text (lowered parts)))

;;@doc
;; One text made of PARTS with SEPARATOR between them.
(define (text-join parts [separator " "])
  (let loop ([left (lowered parts)] [done '()])
    (cond
      [(null? left) (%mixed-text (reverse done))]
      [(null? done) (loop (cdr left) (list (car left)))]
      [else (loop (cdr left) (cons (car left) (cons separator done)))])))

;;@doc
;; The characters of a text with store paths. The string no longer knows what it depends on: only for looking at it.
(define (text->string text)
  (%text-string text))

;;@doc
;; The store path of an object as a text that keeps the dependency.
(define (store-path object)
  (%mixed-text (lowered object)))

;;@doc
;; A path below a store object: (file-append world "/sbin/init").
(define (file-append object . parts)
  (%mixed-text (lowered (cons object parts))))

;;@doc
;; A file in the store with the given name and text. The text may name texts and sources, but nothing that has to be
;; built first: that is `mixed-text-file` of (fruix derivations).
(define (plain-file name text)
  (%text-file name (lowered text)))

;;@doc
;; A file of the machine, added to the store; with #:recursive? #t, a directory with all that is in it. A relative PATH
;; starts from the directory of the file that says so. NAME is what the item is called.
(define (local-file path #:name [name #f] #:recursive? [recursive? #f] #:directory [directory #f])
  (if recursive? (%local-tree path directory name) (%local-file path directory name)))

;;@doc
;; A directory of the machine, added to the store. A relative PATH starts from the directory of the file that says so.
(define (local-tree path #:name [name #f] #:directory [directory #f])
  (%local-tree path directory name))

;;@doc
;; The tree of a FreeBSD installed on the machine, with its METALOG, or a SLICE of it: "world", "kernel", "boot",
;; "libraries", "headers" or "userland".
(define (installed-tree path #:slice [slice "all"] #:directory [directory #f])
  (%installed-tree path directory slice))

;;@doc
;; The files of the host's packages (a list of names) that builds use as their tool chain.
(define (host-toolchain packages)
  (%host-toolchain packages))

;;@doc
;; The tree of a commit (40 hexadecimal digits) of the git repository at URL.
(define (git-tree url commit)
  (%git-tree url commit))

;;@doc
;; VALUE as JSON: a text with store paths. Lists and vectors are arrays. Hashes, and non-empty lists of pairs whose
;; keys are symbols, are objects: the former sorted by key, the latter in their order. Symbols, store objects and texts
;; are strings; `void` is null.
(define (->json value)
  (%->json (lowered value)))

;;@doc
;; The SHA-256 digest of a string, in hexadecimal.
(define (sha256 text)
  (%sha256 text))
