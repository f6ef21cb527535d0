;; An innate field without a default has to be given, also to a record that inherits the others.
;; error:
;;| fruix::eval::missing-field
;;|   × `host` lacks the field `id`
;;|     ╭─[records/innate-missing.scm:20:2]
;;|  19 │ (define one (host (name "one") (id 1)))
;;|  20 │ (host (inherit one) (name "two"))
;;|     ·  ──┬─
;;|     ·    ╰── the field `id` must be given
;;|     ╰────
;;|   help: add (id …): an integer

(use-modules (fruix records))

(define-record-type* host
  (name string)
  (id integer (innate)))

(define one (host (name "one") (id 1)))
(host (inherit one) (name "two"))
