;; A type that is none.
;; error:
;;|   × the field `accepts` of `service-type` is invalid
;;|     ╭─[systems/service-type-accepts.scm:12:34]
;;|  11 │ (use-modules (fruix services))
;;|  12 │ (service-type (name 'x) (accepts '(list string)))
;;|     ·                                  ───────┬──────
;;|     ·                                         ╰── expected a field type, such as '(list-of string)
;;|     ╰────

(use-modules (fruix services))
(service-type (name 'x) (accepts '(list string)))
