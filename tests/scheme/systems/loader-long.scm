;; A value that the loader would ignore.
;; error:
;;| fruix::eval::invalid-field
;;|   × the field `loader` of `operating-system` is invalid
;;|     ╭─[systems/loader-long.scm:26:11]
;;|  25 │  (file-systems (list root))
;;|  26 │  (loader (list (cons "comment" (make-string 250 #\x)))))
;;|     ·           ────────────────────┬────────────────────
;;|     ·                               ╰── the value of `comment` is longer than the 249 bytes that the loader reads
;;|     ╰────

(use-modules (fruix system) (fruix accounts) (fruix file-systems) (fruix services) (fruix services base)
             (fruix services networking) (fruix services ssh) (fruix freebsd base) (fruix freebsd source)
             (fruix freebsd world) (fruix freebsd kernel))

(define base
  (freebsd-base (version "13.2") (world (installed-freebsd (path "/"))) (kernel (installed-freebsd (path "/")))))

(define root
  (file-system (label "root") (mount-point "/")))

(operating-system
 (host-name "tower")
 (base base)
 (file-systems (list root))
 (loader (list (cons "comment" (make-string 250 #\x)))))
