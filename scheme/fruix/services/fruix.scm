;; Fruix itself, on the machine that it made.
(require "fruix/records.scm")
(require "fruix/store.scm")
(require "fruix/services.scm")

(provide fruix-service-type
         (record fruix-configuration))

(define-record-type* fruix-configuration
  "The fruix of a machine."
  (program
   file-like
   (doc "The program, built for FreeBSD: (local-file \"fruix\"), or a file of an item by `file-append`.")))

(define (fruix-files configuration)
  (list (special-file (path "/usr/local/bin/fruix") (content (fruix-configuration-program configuration)))))

;;@doc
;; Puts fruix into the system, so that the machine can list and switch its generations and collect its garbage. Its
;; value is a `fruix-configuration`.
(define fruix-service-type
  (service-type (name 'fruix)
                (extensions (list (service-extension special-files-service-type fruix-files)))
                (description "Puts fruix itself into the system.")))
