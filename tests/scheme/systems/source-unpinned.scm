;; A source that may change.
;; search: systems/lib
;; error:
;;| fruix::eval::inconsistent
;;|   × the source at this URL is not pinned
;;|     ╭─[systems/source-unpinned.scm:16:45]
;;|  15 │
;;|  16 │ (freebsd-world (source (freebsd-source (url "https://example.org/src.txz"))))
;;|     ·                                             ──────────────┬──────────────
;;|     ·                                                           ╰── what is there may change
;;|     ╰────
;;|   help: give (path …), or (url …) and (sha256 …), or (url …) and (commit …)

(use-modules (fruix system) (fruix freebsd source) (fruix freebsd world) (tower))

(freebsd-world (source (freebsd-source (url "https://example.org/src.txz"))))
