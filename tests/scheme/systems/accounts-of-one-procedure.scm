;; Two records that one expression has made.
;; machine
;; error:
;;| fruix::eval::inconsistent
;;|   × the accounts `ada` and `bob` have one uid, 1001
;;|     ╭─[systems/accounts-of-one-procedure.scm:21:34]
;;|  20 │ (define (login name)
;;|  21 │   (user-account (name name) (uid 1001)))
;;|     ·                                  ──┬─
;;|     ·                                    ╰── made here, more than once
;;|  22 │ (operating-system (host-name "tower")
;;|     ╰────
;;|   help: give one of them another uid

(use-modules (fruix system) (fruix freebsd base) (fruix file-systems) (fruix accounts))
(define base
  (freebsd-base (version "13.2-RELEASE")
                (world (installed-freebsd (path "lib/freebsd")))
                (kernel (installed-freebsd (path "lib/freebsd")))))
(define (login name)
  (user-account (name name) (uid 1001)))
(operating-system (host-name "tower")
                  (base base)
                  (file-systems (list (file-system (label "root") (mount-point "/"))))
                  (users (list (login "ada") (login "bob"))))
