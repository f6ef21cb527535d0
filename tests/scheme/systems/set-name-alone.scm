;; A name says nothing without a MANIFEST.
;; machine
;; error:
;;| fruix::eval::inconsistent
;;|   × a set has a name in a MANIFEST, and there is none
;;|     ╭─[systems/set-name-alone.scm:25:43]
;;|  24 │   (freebsd-base (version "13.2")
;;|  25 │                 (world (release-set (name "base.txz")
;;|     ·                                           ─────┬────
;;|     ·                                                ╰── not used without one
;;|  26 │                                     (sha256
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
                (world (release-set (name "base.txz")
                                    (sha256
                                     "be949420c849688cbd6e7b06833be1dff23740f405af555efdf7fb525f02aff4")))
                (kernel (release-set (manifest release) (name "kernel.txz")))))

(operating-system
 (host-name "tower")
 (base base)
 (file-systems (list (file-system (label "root") (mount-point "/")))))
