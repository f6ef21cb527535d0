;; No digest.
;; error:
;;| fruix::eval::invalid-field
;;|   × the field `sha256` of `freebsd-source` is invalid
;;|     ╭─[systems/source-digest.scm:13:87]
;;|  12 │ (use-modules (fruix freebsd source) (fruix freebsd world))
;;|  13 │ (freebsd-world (source (freebsd-source (url "https://example.org/src.tar.gz") (sha256 "abc"))))
;;|     ·                                                                                       ──┬──
;;|     ·                                                                                         ╰── expected a SHA-256 digest: 64 hexadecimal digits, or sha256-BASE64
;;|     ╰────

(use-modules (fruix freebsd source) (fruix freebsd world))
(freebsd-world (source (freebsd-source (url "https://example.org/src.tar.gz") (sha256 "abc"))))
