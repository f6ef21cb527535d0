;; A set without a digest.
;; machine
;; error:
;;| fruix::eval::inconsistent
;;|   × the set at this URL is not pinned
;;|     ╭─[systems/set-unpinned.scm:25:42]
;;|  24 │   (freebsd-base (version "13.2")
;;|  25 │                 (world (release-set (url "https://example.org/base.txz")))
;;|     ·                                          ───────────────┬──────────────
;;|     ·                                                         ╰── what is there may change
;;|  26 │                 (kernel (release-set (manifest release) (name "kernel.txz")))))
;;|     ╰────
;;|   help: give (url …) and (sha256 …), or (manifest …) and (name …)

(use-modules (fruix system) (fruix file-systems) (fruix freebsd base) (fruix freebsd release))

(define release
  (release-manifest
   (path "lib/MANIFEST")
   (url "https://example.org/13.2-RELEASE/MANIFEST")
   (sha256 "be949420c849688cbd6e7b06833be1dff23740f405af555efdf7fb525f02aff4")))

(define base
  (freebsd-base (version "13.2")
                (world (release-set (url "https://example.org/base.txz")))
                (kernel (release-set (manifest release) (name "kernel.txz")))))

(operating-system
 (host-name "tower")
 (base base)
 (file-systems (list (file-system (label "root") (mount-point "/")))))
