;; A source from two places.
;; error:
;;| fruix::eval::inconsistent
;;|   × `freebsd-source` has both a path and a URL
;;|     ╭─[systems/source-both.scm:23:63]
;;|  22 │
;;|  23 │ (freebsd-world (source (freebsd-source (path "/usr/src") (url "https://example.org/src.txz"))))
;;|     ·                                                               ──────────────┬──────────────
;;|     ·                                                                             ╰── which of the two?
;;|     ╰────
;;|   help: give (path …), or (url …) and (sha256 …), or (url …) and (commit …)

(use-modules (fruix system) (fruix accounts) (fruix file-systems) (fruix services) (fruix services base)
             (fruix services networking) (fruix services ssh) (fruix freebsd base) (fruix freebsd source)
             (fruix freebsd world) (fruix freebsd kernel))

(define base
  (freebsd-base (version "13.2") (world (installed-freebsd (path "/"))) (kernel (installed-freebsd (path "/")))))

(define root
  (file-system (label "root") (mount-point "/")))

(freebsd-world (source (freebsd-source (path "/usr/src") (url "https://example.org/src.txz"))))
