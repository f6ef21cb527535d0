;; Symbol for string.
;; error:
;;|   × the field `host-name` of `operating-system` cannot be the symbol tower
;;|     ╭─[records/symbol-for-string.scm:22:13]
;;|  21 │ (operating-system
;;|  22 │  (host-name 'tower)
;;|     ·             ───┬──
;;|     ·                ╰── expected a string
;;|  23 │  (base base)
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
