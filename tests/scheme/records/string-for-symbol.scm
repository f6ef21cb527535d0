;; String for symbol.
;; error:
;;| fruix::eval::field-type
;;|   × the field `modules` of `freebsd-kernel` cannot be the string "none"
;;|     ╭─[records/string-for-symbol.scm:16:63]
;;|  15 │
;;|  16 │ (freebsd-kernel (source (freebsd-source (path "/"))) (modules "none"))
;;|     ·                                                               ───┬──
;;|     ·                                                                  ╰── expected one of 'all or 'none or a list, each element a string
;;|     ╰────

(use-modules (fruix system) (fruix accounts) (fruix file-systems) (fruix services) (fruix services base)
             (fruix services networking) (fruix services ssh) (fruix freebsd base) (fruix freebsd source)
             (fruix freebsd world) (fruix freebsd kernel) (fruix store))

(freebsd-kernel (source (freebsd-source (path "/"))) (modules "none"))
