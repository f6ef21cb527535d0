;; A type that is none.
;; error:
;;| fruix::eval::invalid-field
;;|   × the field `accepts` of `service-type` is invalid
;;|     ╭─[systems/service-type-accepts.scm:13:34]
;;|  12 │ (use-modules (fruix services))
;;|  13 │ (service-type (name 'x) (accepts '(list string)))
;;|     ·                                  ───────┬──────
;;|     ·                                         ╰── expected a field type, such as '(list-of string)
;;|     ╰────

(use-modules (fruix services))
(service-type (name 'x) (accepts '(list string)))
