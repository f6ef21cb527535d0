;; A path that is no string.
;; error:
;;|   × expected a path, got the symbol src
;;|     ╭─[derivations/path-not-string.scm:13:1]
;;|  12 │
;;|  13 │ (local-tree 'src)
;;|     · ────────┬────────
;;|     ·         ╰── here
;;|     ╰────

(use-modules (fruix store) (fruix derivations))

(local-tree 'src)
