;; A patch that is not there, among others.
;; machine
;; error:
;;| fruix::eval::missing-input
;;|   × cannot open `/nonexistent/a.patch`: No such file or directory
;;|     ╭─[systems/source-patch-nothing.scm:18:55]
;;|  17 │                           (sha256 "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855")
;;|  18 │                           (patches (list "lib/id.pub" "/nonexistent/a.patch")))))
;;|     ·                                                       ───────────┬──────────
;;|     ·                                                                  ╰── named here
;;|     ╰────
;;|   help: check the spelling of the path

(use-modules (fruix freebsd source) (fruix freebsd world))
(freebsd-world
  (source (freebsd-source (url "https://example.org/src.tar.gz")
                          (sha256 "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855")
                          (patches (list "lib/id.pub" "/nonexistent/a.patch")))))
