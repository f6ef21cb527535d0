;; A source from two places.
;; search: systems/lib
;; error:
;;| fruix::eval::inconsistent
;;|   × `freebsd-source` has both a path and a URL
;;|     ╭─[systems/source-both.scm:16:63]
;;|  15 │
;;|  16 │ (freebsd-world (source (freebsd-source (path "/usr/src") (url "https://example.org/src.txz"))))
;;|     ·                                                               ──────────────┬──────────────
;;|     ·                                                                             ╰── which of the two?
;;|     ╰────
;;|   help: give (path …), or (url …) and (sha256 …), or (url …) and (commit …)

(use-modules (fruix system) (fruix freebsd source) (fruix freebsd world) (tower))

(freebsd-world (source (freebsd-source (path "/usr/src") (url "https://example.org/src.txz"))))
