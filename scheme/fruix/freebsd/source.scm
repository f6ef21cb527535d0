;; The source of a FreeBSD: where it comes from and how it is patched.
(require-builtin fruix/host)
(require "fruix/records.scm")
(require "fruix/store.scm")
(require "fruix/derivations.scm")
(require "fruix/lists/core.scm")

(provide (record freebsd-source)
         freebsd-source-tree
         examine-source
         check-source
         check-digest
         digest-text
         freebsd-source-provenance
         %freebsd-toolchain
         toolchain-item
         digest-of)

;;@doc
;; The Debian 12 packages whose files a build of FreeBSD sees. What they depend on comes with them.
(define %freebsd-toolchain
  '("clang-14" "lld-14" "llvm-14" "gcc" "g++" "cpp" "binutils" "libc6-dev" "libc-bin" "libarchive-dev"
    "libbz2-dev" "zlib1g-dev" "libssl-dev" "liblzma-dev" "libncurses-dev" "flex" "bison" "bc" "m4" "make"
    "patch" "python3" "dash" "bash" "coreutils" "findutils" "diffutils" "debianutils" "mawk" "grep" "sed"
    "gzip" "bzip2" "xz-utils" "hostname" "util-linux" "openssl"))

;; A commit names one tree for ever; a branch or a tag does not.
(define (check-commit commit)
  (and commit
       (not (%commit? commit))
       "expected the 40 hexadecimal digits of a commit: branches and tags may move"))

;;@doc
;; What is wrong with a digest; `#f` for one that is right, or absent.
(define (check-digest digest)
  (and digest
       (not (%digest? (digest-text digest)))
       "expected a SHA-256 digest: 64 hexadecimal digits, or sha256-BASE64"))

(define-record-type* freebsd-source
  "A FreeBSD source tree. It has either a `path`, or a `url` and `sha256` (an archive), or a `url` and `commit` (git)."
  (path (maybe string)
        (default #f)
        (doc "A directory of the machine. `--with-source PATH=DIR` takes another in its place."))
  (url (maybe string) (default #f) (doc "Where the archive or the git repository is."))
  (sha256 (maybe string)
          (default #f)
          (check check-digest)
          (doc "The digest of the archive, in hexadecimal or as sha256-BASE64."))
  (commit (maybe string) (default #f) (check check-commit) (doc "The commit, with all of its 40 digits."))
  (patches (list-of (or string file-like))
           (default '())
           (doc "Patches, applied in order: paths of the machine, or files of the store."))
  (toolchain (or (list-of string) file-like)
             (default %freebsd-toolchain)
             (doc "Packages of the machine, or an item, with `patch`; used only if there are patches.")))

;;@doc
;; The item with the packages or the item that a `toolchain` field holds.
(define (toolchain-item toolchain)
  (if (list? toolchain) (host-toolchain toolchain) toolchain))

;;@doc
;; The digest of an object's store path: names it without referring to it.
(define (digest-of object)
  (sha256 (text->string (store-path object))))

;;@doc
;; The tree of a source in the store, patched.
(define (freebsd-source-tree source)
  (check-origin source)
  (let ([tree (unpatched-tree source)] [patches (patch-files source)])
    (if (null? patches)
        tree
        (derivation "freebsd-source"
                    #:builder "builtin:freebsd-source"
                    #:system "x86_64-linux"
                    #:env (list (cons 'source tree)
                                (cons 'patches (text-join patches))
                                (cons 'toolchain (toolchain-item (freebsd-source-toolchain source))))))))

;;@doc
;; Reports what is wrong with a source that lies on the machine, or with what a build asks of it: QUESTION, with its
;; arguments, which a field of RECORD holds. A patched source may have what the unpatched one lacks.
(define (examine-source source record field question arguments)
  (when (and (freebsd-source-path source)
             (or (equal? question 'source-tree) (null? (freebsd-source-patches source))))
    (%examine (freebsd-source-path source) question arguments (or (record-place record field) '()))))

;;@doc
;; Reports what is wrong with a source, as far as the machine knows.
(define (check-source source)
  (examine-source source source 'path 'source-tree '()))

;; The patches as store objects. One that cannot be had is shown where it is named.
(define (patch-files source)
  (let loop ([left (freebsd-source-patches source)] [index 0] [done '()])
    (if (null? left)
        (reverse done)
        (let ([patch (car left)])
          (loop (cdr left)
                (+ index 1)
                (cons (if (string? patch) (%listed-file patch (record-place source 'patches) index) patch)
                      done))))))

(define (unpatched-tree source)
  (let ([url (freebsd-source-url source)])
    (cond
      [(freebsd-source-path source) (local-tree (freebsd-source-path source) #:name "freebsd-source")]
      [(freebsd-source-commit source) (git-tree url (freebsd-source-commit source))]
      [else (unpacked url (freebsd-source-sha256 source))])))

;; The digest is that of the archive, as those who publish it give it; so it is fetched as it is, and unpacked apart.
(define (unpacked url hash)
  (let ([archive (derivation "freebsd-source-archive"
                             #:builder "builtin:fetch"
                             #:env (list (cons 'url url) (cons 'unpack #f))
                             #:hash (digest-text hash))])
    (derivation "freebsd-source"
                #:builder "builtin:fetch"
                #:env (list (cons 'url (text-append "file://" archive)) (cons 'unpack #t)))))

;;@doc
;; A digest with its algorithm, which hexadecimal digits do not name.
(define (digest-text digest)
  (if (= (string-length digest) 64) (string-append "sha256:" digest) digest))

(define (check-origin source)
  (let ([path (freebsd-source-path source)]
        [url (freebsd-source-url source)]
        [hash (freebsd-source-sha256 source)]
        [commit (freebsd-source-commit source)])
    (define hint "give (path …), or (url …) and (sha256 …), or (url …) and (commit …)")
    (cond
      [(not (or path url))
       (record-error source #f "`freebsd-source` does not say where the source is" #f hint)]
      [(and path url)
       (record-error source 'url "`freebsd-source` has both a path and a URL" "which of the two?" hint)]
      [(and path (or hash commit))
       (record-error source
                     (if hash 'sha256 'commit)
                     "a source with a path is identified by its contents"
                     "not used with a path"
                     "remove it")]
      [(and url (not (or hash commit)))
       (record-error source 'url "the source at this URL is not pinned" "what is there may change" hint)]
      [(and hash commit)
       (record-error source
                     'commit
                     "`freebsd-source` has both a digest and a commit"
                     "which of the two?"
                     hint)])))

;;@doc
;; What provenance says of a source, for `->json`. Paths of the machine are left out: contents identify a tree.
(define (freebsd-source-provenance source)
  (append
   (cond
     [(freebsd-source-path source) (list (cons 'kind "local"))]
     [(freebsd-source-commit source)
      (list (cons 'kind "git")
            (cons 'url (freebsd-source-url source))
            (cons 'commit (freebsd-source-commit source)))]
     [else
      (list (cons 'kind "archive")
            (cons 'url (freebsd-source-url source))
            (cons 'sha256 (freebsd-source-sha256 source)))])
   (list (cons 'storePathSha256 (digest-of (freebsd-source-tree source)))
         (cons 'patches
               (map digest-of (patch-files source))))))
