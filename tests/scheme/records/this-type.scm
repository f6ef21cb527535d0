;; `this-TYPE` tells records within records apart.
;; value: ("web-1" "mail-1")

(use-modules (fruix records))

(define-record-type* disk (name string (thunked)) (size integer (default 1)))
(define-record-type* host (name string) (disk disk (thunked)))

(define web
  (host (name "web")
        (disk (disk (name (string-append (host-name this-host) "-"
                                         (number->string (disk-size this-disk))))))))
(list (disk-name (host-disk web))
      (disk-name (host-disk (host (inherit web) (name "mail")))))
