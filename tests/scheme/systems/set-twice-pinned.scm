;; A digest of its own, and that of the MANIFEST.
;; machine
;; error:
;;| fruix::eval::inconsistent
;;|   × `release-set` has both a digest and a MANIFEST
;;|     ╭─[systems/set-twice-pinned.scm:28:38]
;;|  27 │                                     (sha256
;;|  28 │                                      "be949420c849688cbd6e7b06833be1dff23740f405af555efdf7fb525f02aff4")))
;;|     ·                                      ─────────────────────────────────┬────────────────────────────────
;;|     ·                                                                       ╰── which of the two?
;;|  29 │                 (kernel (release-set (manifest release) (name "kernel.txz")))))
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
                (world (release-set (manifest release)
                                    (name "base.txz")
                                    (sha256
                                     "be949420c849688cbd6e7b06833be1dff23740f405af555efdf7fb525f02aff4")))
                (kernel (release-set (manifest release) (name "kernel.txz")))))

(operating-system
 (host-name "tower")
 (base base)
 (file-systems (list (file-system (label "root") (mount-point "/")))))
