;; A file that is no MANIFEST.
;; machine
;; error:
;;| fruix::eval::missing-input
;;|   × line 1 of what is here is none of a MANIFEST: there is no tab in it
;;|     ╭─[systems/manifest-none.scm:19:10]
;;|  18 │   (release-manifest
;;|  19 │    (path "lib/id.pub")
;;|     ·          ──────┬─────
;;|     ·                ╰── named here
;;|  20 │    (url "https://example.org/13.2-RELEASE/MANIFEST")
;;|     ╰────
;;|   help: a line has the name of a set, a tab, and its SHA-256 in hexadecimal

(use-modules (fruix system) (fruix file-systems) (fruix freebsd base) (fruix freebsd release))

(define release
  (release-manifest
   (path "lib/id.pub")
   (url "https://example.org/13.2-RELEASE/MANIFEST")
   (sha256 "64c5cd8250302af5c4cdfba2bdd8acc0b18fb4d8d6fc6d744c1ee6331313524b")))

(define base
  (freebsd-base (version "13.2")
                (world (release-set (manifest release) (name "base.txz")))
                (kernel (release-set (manifest release) (name "kernel.txz")))))

(operating-system
 (host-name "tower")
 (base base)
 (file-systems (list (file-system (label "root") (mount-point "/")))))
