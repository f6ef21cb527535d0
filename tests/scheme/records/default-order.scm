;; A default that uses a field that comes later.
;; error:
;;|   × host-domain: this field has no value yet; a default may only use fields that come before it
;;|     ╭─[records/default-order.scm:17:1]
;;|  16 │
;;|  17 │ (host)
;;|     · ───┬──
;;|     ·    ╰── here
;;|     ╰────

(use-modules (fruix records))

(define-record-type* host
  (name string (default (host-domain this-record)))
  (domain string (default "x")))

(host)
