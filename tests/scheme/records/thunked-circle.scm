;; Thunked fields that need each other.
;; error:
;;| fruix::eval::failed
;;|   × the field `width` of `box` needs its own value, by way of `height` of `box`
;;|     ╭─[records/thunked-circle.scm:18:13]
;;|  17 │
;;|  18 │ (box-width (box))
;;|     ·             ─┬─
;;|     ·              ╰── here
;;|     ╰────

(use-modules (fruix records))

(define-record-type* box
  (width integer (default (* 2 (box-height this-record))) (thunked))
  (height integer (default (* 3 (box-width this-record))) (thunked)))

(box-width (box))
