;; A kernel has no headers.
;; error:
;;| fruix::eval::field-type
;;|   × the field `headers` of `freebsd-base` cannot be a `freebsd-kernel` record
;;|     ╭─[systems/slice-of-kernel.scm:19:98]
;;|  18 │ (define base
;;|  19 │   (freebsd-base (version "13.2") (world (installed-freebsd (path "/"))) (kernel kernel) (headers kernel)))
;;|     ·                                                                                                  ───┬──
;;|     ·                                                                                                     ╰── expected one of 'world, a `freebsd-world` record, a `release-set` record or an `installed-freebsd` record
;;|  20 │
;;|     ╰────

(use-modules (fruix system) (fruix file-systems) (fruix freebsd base) (fruix freebsd kernel)
             (fruix freebsd source) (fruix freebsd world))

(define kernel (freebsd-kernel (source (freebsd-source (path "/usr/src")))))

(define base
  (freebsd-base (version "13.2") (world (installed-freebsd (path "/"))) (kernel kernel) (headers kernel)))

(operating-system
 (host-name "tower")
 (base base)
 (file-systems (list (file-system (label "root") (mount-point "/")))))
