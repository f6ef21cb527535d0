;; A default that uses a field that comes later.
;; error:
;;| fruix::eval::failed
;;|   × host-domain: this field has no value yet; a default may only use fields that come before it
;;|     ╭─[records/default-order.scm:18:1]
;;|  17 │
;;|  18 │ (host)
;;|     · ───┬──
;;|     ·    ╰── here
;;|     ╰────

(use-modules (fruix records))

(define-record-type* host
  (name string (default (host-domain this-record)))
  (domain string (default "x")))

(host)
