;; A source from nowhere.
;; error:
;;| fruix::eval::inconsistent
;;|   × `freebsd-source` does not say where the source is
;;|     ╭─[systems/source-nowhere.scm:23:25]
;;|  22 │
;;|  23 │ (freebsd-world (source (freebsd-source)))
;;|     ·                         ───────┬──────
;;|     ·                                ╰── here
;;|     ╰────
;;|   help: give (path …), or (url …) and (sha256 …), or (url …) and (commit …)

(use-modules (fruix system) (fruix accounts) (fruix file-systems) (fruix services) (fruix services base)
             (fruix services networking) (fruix services ssh) (fruix freebsd base) (fruix freebsd source)
             (fruix freebsd world) (fruix freebsd kernel))

(define base
  (freebsd-base (version "13.2") (world (installed-freebsd (path "/"))) (kernel (installed-freebsd (path "/")))))

(define root
  (file-system (label "root") (mount-point "/")))

(freebsd-world (source (freebsd-source)))
