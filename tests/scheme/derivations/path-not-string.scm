;; A path that is no string.
;; error:
;;| fruix::eval::failed
;;|   × expected a path, got the symbol src
;;|     ╭─[derivations/path-not-string.scm:14:1]
;;|  13 │
;;|  14 │ (local-tree 'src)
;;|     · ────────┬────────
;;|     ·         ╰── here
;;|     ╰────

(use-modules (fruix store) (fruix derivations))

(local-tree 'src)
