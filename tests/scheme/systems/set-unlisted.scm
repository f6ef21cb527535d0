;; A set that the MANIFEST does not list, but for how it is spelt.
;; machine
;; error:
;;| fruix::eval::inconsistent
;;|   × the MANIFEST lists no set `base`
;;|     ╭─[systems/set-unlisted.scm:25:62]
;;|  24 │   (freebsd-base (version "13.2")
;;|  25 │                 (world (release-set (manifest release) (name "base")))
;;|     ·                                                              ───┬──
;;|     ·                                                                 ╰── not in it
;;|  26 │                 (kernel (release-set (manifest release) (name "kernel.txz")))))
;;|     ╰────
;;|   help: did you mean `"base.txz"`?

(use-modules (fruix system) (fruix file-systems) (fruix freebsd base) (fruix freebsd release))

(define release
  (release-manifest
   (path "lib/MANIFEST")
   (url "https://example.org/13.2-RELEASE/MANIFEST")
   (sha256 "be949420c849688cbd6e7b06833be1dff23740f405af555efdf7fb525f02aff4")))

(define base
  (freebsd-base (version "13.2")
                (world (release-set (manifest release) (name "base")))
                (kernel (release-set (manifest release) (name "kernel.txz")))))

(operating-system
 (host-name "tower")
 (base base)
 (file-systems (list (file-system (label "root") (mount-point "/")))))
