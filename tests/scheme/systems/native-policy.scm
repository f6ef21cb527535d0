;; A policy that there is not.
;; error:
;;| fruix::eval::field-type
;;|   × the field `policy` of `freebsd-base` cannot be the symbol native
;;|     ╭─[systems/native-policy.scm:21:12]
;;|  20 │    (kernel (installed-freebsd (path "/")))
;;|  21 │    (policy 'native)))
;;|     ·            ───┬───
;;|     ·               ╰── expected one of 'any or 'native-only
;;|  22 │
;;|     ╰────

(use-modules (fruix system) (fruix file-systems) (fruix freebsd base) (fruix freebsd kernel)
             (fruix freebsd release) (fruix freebsd source) (fruix freebsd world))

(define base
  (freebsd-base
   (version "13.2")
   (world (installed-freebsd (path "/")))
   (kernel (installed-freebsd (path "/")))
   (policy 'native)))

(operating-system
 (host-name "tower")
 (base base)
 (file-systems (list (file-system (label "root") (mount-point "/")))))
