;; A source from nowhere.
;; search: systems/lib
;; error:
;;| fruix::eval::inconsistent
;;|   × `freebsd-source` does not say where the source is
;;|     ╭─[systems/source-nowhere.scm:16:25]
;;|  15 │
;;|  16 │ (freebsd-world (source (freebsd-source)))
;;|     ·                         ───────┬──────
;;|     ·                                ╰── here
;;|     ╰────
;;|   help: give (path …), or (url …) and (sha256 …), or (url …) and (commit …)

(use-modules (fruix system) (fruix freebsd source) (fruix freebsd world) (tower))

(freebsd-world (source (freebsd-source)))
