;; A branch where a commit is wanted.
;; error:
;;| fruix::eval::failed
;;|   × git-tree: expected a commit of 40 hexadecimal digits, got "main"
;;|     ╭─[derivations/branch-for-commit.scm:14:1]
;;|  13 │
;;|  14 │ (git-tree "https://example.org/src" "main")
;;|     · ─────────────────────┬─────────────────────
;;|     ·                      ╰── here
;;|     ╰────

(use-modules (fruix store) (fruix derivations))

(git-tree "https://example.org/src" "main")
