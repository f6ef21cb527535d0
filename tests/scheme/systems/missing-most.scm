;; Missing most.
;; error:
;;| fruix::eval::missing-field
;;|   × `operating-system` lacks the fields `base`, `file-systems`
;;|     ╭─[systems/missing-most.scm:17:2]
;;|  16 │
;;|  17 │ (operating-system (host-name "x"))
;;|     ·  ────────┬───────
;;|     ·          ╰── the fields `base`, `file-systems` must be given
;;|     ╰────
;;|   help: add (base …): a `freebsd-base` record

(use-modules (fruix system) (fruix accounts) (fruix file-systems) (fruix services) (fruix services base)
             (fruix services networking) (fruix services ssh) (fruix freebsd base) (fruix freebsd source)
             (fruix freebsd world) (fruix freebsd kernel) (fruix store))

(operating-system (host-name "x"))
