;; A source that may change.
;; error:
;;| fruix::eval::inconsistent
;;|   × the source at this URL is not pinned
;;|     ╭─[systems/source-unpinned.scm:23:45]
;;|  22 │
;;|  23 │ (freebsd-world (source (freebsd-source (url "https://example.org/src.txz"))))
;;|     ·                                             ──────────────┬──────────────
;;|     ·                                                           ╰── what is there may change
;;|     ╰────
;;|   help: give (path …), or (url …) and (sha256 …), or (url …) and (commit …)

(use-modules (fruix system) (fruix accounts) (fruix file-systems) (fruix services) (fruix services base)
             (fruix services networking) (fruix services ssh) (fruix freebsd base) (fruix freebsd source)
             (fruix freebsd world) (fruix freebsd kernel))

(define base
  (freebsd-base (version "13.2") (world (installed-freebsd (path "/"))) (kernel (installed-freebsd (path "/")))))

(define root
  (file-system (label "root") (mount-point "/")))

(freebsd-world (source (freebsd-source (url "https://example.org/src.txz"))))
