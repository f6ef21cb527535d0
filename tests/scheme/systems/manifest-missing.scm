;; A MANIFEST that is not there.
;; machine
;; error:
;;| fruix::eval::missing-input
;;|   × cannot read `/nonexistent/MANIFEST`: No such file or directory (os error 2)
;;|     ╭─[systems/manifest-missing.scm:19:10]
;;|  18 │   (release-manifest
;;|  19 │    (path "/nonexistent/MANIFEST")
;;|     ·          ───────────┬───────────
;;|     ·                     ╰── named here
;;|  20 │    (url "https://example.org/13.2-RELEASE/MANIFEST")
;;|     ╰────
;;|   help: see that it is there and that you may read it

(use-modules (fruix system) (fruix file-systems) (fruix freebsd base) (fruix freebsd release))

(define release
  (release-manifest
   (path "/nonexistent/MANIFEST")
   (url "https://example.org/13.2-RELEASE/MANIFEST")
   (sha256 "be949420c849688cbd6e7b06833be1dff23740f405af555efdf7fb525f02aff4")))

(define base
  (freebsd-base (version "13.2")
                (world (release-set (manifest release) (name "base.txz")))
                (kernel (release-set (manifest release) (name "kernel.txz")))))

(operating-system
 (host-name "tower")
 (base base)
 (file-systems (list (file-system (label "root") (mount-point "/")))))
