;; A base may say that all of it is built from source: then what is not is named, with the record that it comes from.
;; error:
;;| fruix::eval::inconsistent
;;|   × the part `world` of this `native-only` base is copied from an installation
;;|     ╭─[systems/native-only.scm:53:11]
;;|  44 │
;;|  45 │ (define host (installed-freebsd (path "/")))
;;|     ·               ────────┬────────
;;|     ·                       ╰── this record pulls it in
;;|  46 │
;;|  47 │ (define digest
;;|  48 │   "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855")
;;|  49 │
;;|  50 │ (define base
;;|  51 │   (freebsd-base
;;|  52 │    (version "13.2")
;;|  53 │    (world host)
;;|     ·           ──┬─
;;|     ·             ╰── its origin class is `host`
;;|  54 │    (kernel (freebsd-kernel (source (freebsd-source (path "/usr/src")))))
;;|  55 │    (boot (release-set (url "https://example.org/base.txz") (sha256 digest)))
;;|  56 │    (policy 'native-only)))
;;|     ·            ──────┬─────
;;|     ·                  ╰── required here
;;|  57 │
;;|     ╰────
;;|   help: build it from source, or leave the policy out
;;| Error: fruix::eval::inconsistent
;;|   × the part `boot` of this `native-only` base is fetched
;;|     ╭─[systems/native-only.scm:55:11]
;;|  54 │    (kernel (freebsd-kernel (source (freebsd-source (path "/usr/src")))))
;;|  55 │    (boot (release-set (url "https://example.org/base.txz") (sha256 digest)))
;;|     ·           ───────────────────────────────┬───────────────────────────────
;;|     ·                                          ╰── its origin class is `fetched`
;;|  56 │    (policy 'native-only)))
;;|     ·            ──────┬─────
;;|     ·                  ╰── required here
;;|  57 │
;;|     ╰────
;;|   help: build it from source, or leave the policy out

(use-modules (fruix system) (fruix file-systems) (fruix freebsd base) (fruix freebsd kernel)
             (fruix freebsd release) (fruix freebsd source) (fruix freebsd world))

(define host (installed-freebsd (path "/")))

(define digest
  "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855")

(define base
  (freebsd-base
   (version "13.2")
   (world host)
   (kernel (freebsd-kernel (source (freebsd-source (path "/usr/src")))))
   (boot (release-set (url "https://example.org/base.txz") (sha256 digest)))
   (policy 'native-only)))

(operating-system
 (host-name "tower")
 (base base)
 (file-systems (list (file-system (label "root") (mount-point "/")))))
