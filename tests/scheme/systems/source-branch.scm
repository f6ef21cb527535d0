;; A branch is no commit.
;; error:
;;|   × the field `commit` of `freebsd-source` is invalid
;;|     ╭─[systems/source-branch.scm:12:84]
;;|  11 │ (use-modules (fruix freebsd source) (fruix freebsd world))
;;|  12 │ (freebsd-world (source (freebsd-source (url "https://example.org/src.git") (commit "main"))))
;;|     ·                                                                                    ───┬──
;;|     ·                                                                                       ╰── expected the 40 hexadecimal digits of a commit: branches and tags may move
;;|     ╰────

(use-modules (fruix freebsd source) (fruix freebsd world))
(freebsd-world (source (freebsd-source (url "https://example.org/src.git") (commit "main"))))
