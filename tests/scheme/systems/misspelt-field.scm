;; A misspelt field.
;; error:
;;| fruix::eval::unknown-field
;;|   × `operating-system` has no field `hostname`
;;|     ╭─[systems/misspelt-field.scm:23:20]
;;|  22 │
;;|  23 │ (operating-system (hostname "tower") (base base) (file-systems (list root)))
;;|     ·                    ────┬───
;;|     ·                        ╰── unknown field
;;|     ╰────
;;|   help: did you mean `host-name`?

(use-modules (fruix system) (fruix accounts) (fruix file-systems) (fruix services) (fruix services base)
             (fruix services networking) (fruix services ssh) (fruix freebsd base) (fruix freebsd source)
             (fruix freebsd world) (fruix freebsd kernel))

(define base
  (freebsd-base (version "13.2") (world (installed-freebsd (path "/"))) (kernel (installed-freebsd (path "/")))))

(define root
  (file-system (label "root") (mount-point "/")))

(operating-system (hostname "tower") (base base) (file-systems (list root)))
