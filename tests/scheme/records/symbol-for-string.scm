;; Symbol for string.
;; error:
;;| fruix::eval::field-type
;;|   × the field `host-name` of `operating-system` cannot be the symbol tower
;;|     ╭─[records/symbol-for-string.scm:23:13]
;;|  22 │ (operating-system
;;|  23 │  (host-name 'tower)
;;|     ·             ───┬──
;;|     ·                ╰── expected a string
;;|  24 │  (base base)
;;|     ╰────

(use-modules (fruix system) (fruix accounts) (fruix file-systems) (fruix services) (fruix services base)
             (fruix services networking) (fruix services ssh) (fruix freebsd base) (fruix freebsd source)
             (fruix freebsd world) (fruix freebsd kernel) (fruix store))

(define base
  (freebsd-base (version "13.2")
                (world (installed-freebsd (path "/")))
                (kernel (installed-freebsd (path "/")))))

(operating-system
 (host-name 'tower)
 (base base)
 (file-systems (list (file-system (label "root") (mount-point "/")))))
