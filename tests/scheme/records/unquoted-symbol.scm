;; Unquoted symbol.
;; error:
;;| fruix::eval::unbound-name
;;|   × `WITHOUT_TESTS` is not defined
;;|     ╭─[records/unquoted-symbol.scm:17:63]
;;|  16 │
;;|  17 │ (freebsd-world (source (freebsd-source (path "/"))) (options (WITHOUT_TESTS)))
;;|     ·                                                               ──────┬──────
;;|     ·                                                                     ╰── not known here
;;|     ╰────
;;|   help: for a string, write "WITHOUT_TESTS"; for a symbol, 'WITHOUT_TESTS

(use-modules (fruix system) (fruix accounts) (fruix file-systems) (fruix services) (fruix services base)
             (fruix services networking) (fruix services ssh) (fruix freebsd base) (fruix freebsd source)
             (fruix freebsd world) (fruix freebsd kernel) (fruix store))

(freebsd-world (source (freebsd-source (path "/"))) (options (WITHOUT_TESTS)))
