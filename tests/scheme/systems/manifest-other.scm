;; A MANIFEST that is not the one that is pinned.
;; machine
;; error:
;;| fruix::eval::missing-input
;;|   × the MANIFEST that is here is not the one that is pinned: its digest is
;;|   │ be949420c849688cbd6e7b06833be1dff23740f405af555efdf7fb525f02aff4
;;|     ╭─[systems/manifest-other.scm:21:10]
;;|  20 │   (release-manifest
;;|  21 │    (path "lib/MANIFEST")
;;|     ·          ───────┬──────
;;|     ·                 ╰── named here
;;|  22 │    (url "https://example.org/13.2-RELEASE/MANIFEST")
;;|     ╰────
;;|   help: the MANIFEST of a release does not change; if this is one that you trust, write (sha256
;;|         "be949420c849688cbd6e7b06833be1dff23740f405af555efdf7fb525f02aff4")

(use-modules (fruix system) (fruix file-systems) (fruix freebsd base) (fruix freebsd release))

(define release
  (release-manifest
   (path "lib/MANIFEST")
   (url "https://example.org/13.2-RELEASE/MANIFEST")
   (sha256 "00000000c849688cbd6e7b06833be1dff23740f405af555efdf7fb525f02aff4")))

(define base
  (freebsd-base (version "13.2")
                (world (release-set (manifest release) (name "base.txz")))
                (kernel (release-set (manifest release) (name "kernel.txz")))))

(operating-system
 (host-name "tower")
 (base base)
 (file-systems (list (file-system (label "root") (mount-point "/")))))
