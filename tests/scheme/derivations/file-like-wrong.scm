;; A record that cannot be built is not file-like.
;; error:
;;| fruix::eval::field-type
;;|   × the field `content` of `box` cannot be a `note` record
;;|     ╭─[derivations/file-like-wrong.scm:17:16]
;;|  16 │
;;|  17 │ (box (content (note (text "x"))))
;;|     ·                ───────┬──────
;;|     ·                       ╰── expected a file-like object, such as (local-file "…") or (plain-file "name" "text")
;;|     ╰────

(use-modules (fruix records) (fruix store))

(define-record-type* note (text string))
(define-record-type* box (content file-like))

(box (content (note (text "x"))))
