;; File systems: what is mounted where.
(require-builtin fruix/host)
(require "fruix/records.scm")
(require "fruix/lists/core.scm")

(provide (record file-system)
         file-system-source
         check-file-systems
         file-system-data)

;; Types that no disk is behind.
(define %pseudo-types
  '("tmpfs" "procfs" "devfs" "fdescfs" "linprocfs" "linsysfs" "nullfs" "mqueuefs" "autofs"))

;; Types that fsck(8) knows to check.
(define %checked-types '("ufs" "msdosfs"))

(define (check-field text)
  (and (or (= (string-length text) 0) (any (lambda (c) (member c '(#\newline #\tab))) (string->list text)))
       "expected one line that is not empty"))

(define-record-type* file-system
  "A line of fstab(5)."
  (device (maybe string) (default #f) (doc "What is mounted: \"/dev/…\", or \"tmpfs\" and the like."))
  (label (maybe string) (default #f) (doc "Instead of `device`: the GPT label of the partition."))
  (mount-point string (check check-field) (doc "Where. \"none\" for swap."))
  (type string (default "ufs") (check check-field) (doc "The type of the file system."))
  (options (list-of string) (default '("rw")) (doc "Mount options."))
  (check? boolean
          (default (and (member (file-system-type this-record) %checked-types)
                        (not (equal? (file-system-mount-point this-record) "/"))))
          (sanitize (lambda (value) (and value #t)))
          (doc "Whether fsck(8) looks at it at boot. The root is always checked, by activation.")))

;;@doc
;; The first field of the fstab line.
(define (file-system-source file-system)
  (or (file-system-device file-system) (string-append "/dev/gpt/" (or (file-system-label file-system) ""))))

;;@doc
;; Reports what is wrong with the file systems of a system. PLACE is where they are declared.
(define (check-file-systems file-systems place)
  (for-each check-file-system file-systems)
  (let loop ([left file-systems] [seen '()])
    (unless (null? left)
      (let* ([point (file-system-mount-point (car left))]
             [earlier (find (lambda (other) (equal? (file-system-mount-point other) point)) seen)])
        (when (and earlier (not (equal? point "none")))
          (report-record-error (car left)
                               'mount-point
                               (string-append "two file systems are mounted at `" point "`")
                               "again here"
                               #f
                               (list (list (record-place earlier 'mount-point) "first here"))))
        (loop (cdr left) (cons (car left) seen)))))
  (unless (find (lambda (one) (equal? (file-system-mount-point one) "/")) file-systems)
    (report-at place
               "the system has no root file system"
               "none of these is mounted at `/`"
               "add (file-system (label \"fruix-root\") (mount-point \"/\"))")))

(define (check-file-system one)
  (let ([device (file-system-device one)]
        [label (file-system-label one)]
        [point (file-system-mount-point one)])
    (cond
      [(not (or device label))
       (report-record-error one
                            #f
                            "this file system has neither a device nor a label"
                            #f
                            "add (label \"…\")")]
      [(and device label)
       (report-record-error one
                            'label
                            "this file system has both a device and a label"
                            "which of the two?"
                            "remove one")])
    (when (and label (not (every label-character? (string->list label))))
      (report-record-error one
                           'label
                           "a GPT label is a file name below /dev/gpt"
                           "expected letters, digits, `-` and `_`"))
    (unless (or (starts-with? point "/") (equal? (file-system-type one) "swap"))
      (report-record-error one 'mount-point "a mount point is an absolute path" "expected a path like /data"))
    (when (and (equal? point "/") device (not (starts-with? device "/dev/")))
      (report-record-error one
                           'device
                           (string-append "no partition carries the root file system `" device "`")
                           "expected a device below /dev"
                           "name it by label, as in (label \"fruix-root\"): images label their root so"))
    (when (and (equal? point "/") (not (fits-image? one)))
      (%caveat 'image
               (record-place one (if (equal? (file-system-type one) "ufs") 'device 'type))
               (string-append "no partition of an image carries the root file system `"
                              (file-system-source one)
                              "`")
               "an image has no such partition"
               (string-append
                "an image has one partition for the root, found by its GPT label: declare it as "
                "(file-system (label \"fruix-root\") (mount-point \"/\"))")))
    (when (and (file-system-check? one) (member (file-system-type one) %pseudo-types))
      (report-record-error one
                           'check?
                           (string-append "`" (file-system-type one) "` has no disk that fsck could check")
                           "this would stop the boot"
                           "remove it"))))

;; Whether the image of a system has the partition.
(define (fits-image? one)
  (and (equal? (file-system-type one) "ufs") (starts-with? (file-system-source one) "/dev/gpt/")))

(define %label-characters
  (string->list "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_"))

(define (label-character? character)
  (member character %label-characters))

;;@doc
;; A file system as the builder of systems reads it, for `->json`.
(define (file-system-data one)
  (list (cons 'device (file-system-source one))
        (cons 'mountPoint (file-system-mount-point one))
        (cons 'type (file-system-type one))
        (cons 'options (file-system-options one))
        (cons 'pass
              (if (and (file-system-check? one) (not (equal? (file-system-mount-point one) "/"))) 2 0))))
