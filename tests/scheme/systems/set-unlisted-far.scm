;; A set that is nothing like those of the MANIFEST.
;; machine
;; error:
;;| fruix::eval::inconsistent
;;|   × the MANIFEST lists no set `games.tar`
;;|     ╭─[systems/set-unlisted-far.scm:25:62]
;;|  24 │   (freebsd-base (version "13.2")
;;|  25 │                 (world (release-set (manifest release) (name "games.tar")))
;;|     ·                                                              ─────┬─────
;;|     ·                                                                   ╰── not in it
;;|  26 │                 (kernel (release-set (manifest release) (name "kernel.txz")))))
;;|     ╰────
;;|   help: it lists base-dbg.txz, base.txz, kernel.txz

(use-modules (fruix system) (fruix file-systems) (fruix freebsd base) (fruix freebsd release))

(define release
  (release-manifest
   (path "lib/MANIFEST")
   (url "https://example.org/13.2-RELEASE/MANIFEST")
   (sha256 "be949420c849688cbd6e7b06833be1dff23740f405af555efdf7fb525f02aff4")))

(define base
  (freebsd-base (version "13.2")
                (world (release-set (manifest release) (name "games.tar")))
                (kernel (release-set (manifest release) (name "kernel.txz")))))

(operating-system
 (host-name "tower")
 (base base)
 (file-systems (list (file-system (label "root") (mount-point "/")))))
