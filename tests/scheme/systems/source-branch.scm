;; A branch is no commit.
;; error:
;;| fruix::eval::invalid-field
;;|   × the field `commit` of `freebsd-source` is invalid
;;|     ╭─[systems/source-branch.scm:13:84]
;;|  12 │ (use-modules (fruix freebsd source) (fruix freebsd world))
;;|  13 │ (freebsd-world (source (freebsd-source (url "https://example.org/src.git") (commit "main"))))
;;|     ·                                                                                    ───┬──
;;|     ·                                                                                       ╰── expected the 40 hexadecimal digits of a commit: branches and tags may move
;;|     ╰────

(use-modules (fruix freebsd source) (fruix freebsd world))
(freebsd-world (source (freebsd-source (url "https://example.org/src.git") (commit "main"))))
