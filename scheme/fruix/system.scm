;; A whole system, and how it becomes a closure.
(require-builtin fruix/host)
(require "fruix/records.scm")
(require "fruix/store.scm")
(require "fruix/derivations.scm")
(require "fruix/lists/core.scm")
(require "fruix/strings.scm")
(require "fruix/accounts.scm")
(require "fruix/file-systems.scm")
(require "fruix/services.scm")
(require "fruix/services/base.scm")
(require "fruix/freebsd/base.scm")

(provide (record operating-system)
         operating-system-closure)

;; The loader ignores what is longer.
(define %longest-loader-value 249)

(define %alphanumeric
  (string->list "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"))

(define (only? text characters)
  (string-every (lambda (character) (member character characters)) text))

(define %host-name-characters (append (string->list ".-") %alphanumeric))

(define (check-host-name name)
  (let ([length (string-length name)])
    (and (or (= length 0)
             (> length 253)
             (not (only? name %host-name-characters))
             (any (lambda (part) (not (host-name-part? part))) (string-split name ".")))
         "a host name is made of letters, digits, `-` and `.`, and begins and ends with a letter or digit")))

;; What stands between dots: at most 63 characters, a letter or digit at both ends.
(define (host-name-part? part)
  (let ([length (string-length part)])
    (and (< 0 length 64)
         (member (string-ref part 0) %alphanumeric)
         (member (string-ref part (- length 1)) %alphanumeric))))

(define %timezone-characters (append (string->list "/_+-") %alphanumeric))

;; What names of the time zone database start with, if they have a `/`.
(define %timezone-areas
  '("Africa" "America" "Antarctica" "Arctic" "Asia" "Atlantic" "Australia" "Brazil" "Canada" "Chile" "Etc"
    "Europe" "Indian" "Mexico" "Pacific" "US"))

(define (check-timezone zone)
  (and (or (= (string-length zone) 0)
           (starts-with? zone "/")
           (not (only? zone %timezone-characters))
           (and (string-index zone (lambda (character) (equal? character #\/)))
                (not (member (car (string-split zone "/")) %timezone-areas))))
       "expected a name of the time zone database, such as \"Europe/Zurich\", or \"UTC\""))

(define (printable? text)
  (string-every (lambda (character)
                  (let ([code (char->integer character)]) (and (>= code 32) (< code 127))))
                text))

(define (key-text key)
  (if (symbol? key) (symbol->string key) key))

(define (check-rc-conf settings)
  (any (lambda (setting)
         (let ([name (key-text (car setting))])
           (cond
             [(not (only? name (cons #\_ %alphanumeric)))
              (string-append "`" name
                             "` cannot be set: the name of a setting is made of letters, digits and `_`")]
             [(not (printable? (cdr setting)))
              (string-append "the value of `" name "` holds a character that is not printable ASCII")]
             [else #f])))
       settings))

(define %loader-name-characters (append (string->list "._-") %alphanumeric))

;; What the closure says to the loader itself.
(define %reserved-loader-settings
  '("kernel" "module_path" "vfs.root.mountfrom" "init_path" "init_shell" "init_script" "fruix.system"))

(define (check-loader settings)
  (any (lambda (setting)
         (let ([name (key-text (car setting))] [value (cdr setting)])
           (cond
             [(or (equal? name "") (not (only? name %loader-name-characters)))
              (string-append "`" name
                             "` cannot be set: the name of a setting is made of letters, digits and `._-`")]
             [(member name %reserved-loader-settings)
              (string-append "`" name "` is set by the system itself, to items of its own")]
             [(> (string-length value) %longest-loader-value)
              (string-append "the value of `" name "` is longer than the "
                             (number->string %longest-loader-value) " bytes that the loader reads")]
             [(or (not (printable? value))
                  (member #\" (string->list value))
                  (member #\\ (string->list value)))
              (string-append "the value of `" name
                             "` holds a quote, a backslash, or a character that is not printable ASCII")]
             [else #f])))
       settings))

(define-record-type* operating-system
  "A FreeBSD system."
  (host-name string (check check-host-name) (doc "What the machine calls itself."))
  (label string
         (default (string-append (operating-system-host-name this-record) ", FreeBSD "
                                 (freebsd-base-version (operating-system-base this-record))))
         (doc "What a boot menu and lists of generations call the system."))
  (timezone string (default "UTC") (check check-timezone) (doc "A name of the time zone database."))
  (base freebsd-base (doc "World, kernel and loader."))
  (file-systems (list-of file-system) (doc "What is mounted; the root among it."))
  (users (list-of user-account) (default '()) (doc "Accounts besides those of the base."))
  (groups (list-of user-group) (default '()) (doc "Groups besides those of the base."))
  (services (list-of service-record)
            (default %base-services)
            (doc "What runs. `%base-services` should be among it."))
  (loader (alist-of string)
          (default '())
          (check check-loader)
          (doc "Settings of loader.conf(5): '((\"autoboot_delay\" . \"2\"))."))
  (rc-conf (alist-of string)
           (default '())
           (check check-rc-conf)
           (doc "Settings of rc.conf(5). They override those of services.")))

;; The settings of services and of the declaration, where the latter win; services must agree with each other.
(define (rc-conf-settings os services)
  (let* ([own (map (lambda (setting) (cons (key-text (car setting)) (cdr setting)))
                   (operating-system-rc-conf os))]
         [own-names (map car own)]
         [others (filter (lambda (setting) (not (member (car setting) own-names)))
                         (delete-duplicates (fold-services services rc-conf-service-type)))])
    (let loop ([left others])
      (unless (null? left)
        (let* ([name (car (car left))] [rival (find (lambda (other) (equal? (car other) name)) (cdr left))])
          (when rival
            (report-record-error os
                                 'services
                                 (string-append "two services set `" name "` in rc.conf: to \""
                                                (cdr (car left))
                                                "\" and to \"" (cdr rival) "\"")
                                 "in these services"
                                 (string-append "say which with (rc-conf '((\"" name "\" . \"…\")))"))))
        (loop (cdr left))))
    (append others own)))

(define (settings-data settings)
  (map (lambda (setting) (list (key-text (car setting)) (cdr setting))) settings))

(define (system-spec os)
  (let* ([services (check-services (operating-system-services os) (record-place os 'services))]
         [base (operating-system-base os)]
         [users (append (operating-system-users os) (fold-services services account-service-type))]
         [groups (append (operating-system-groups os) (fold-services services group-service-type))]
         [all-groups (append groups (own-groups users groups))]
         [file-systems (operating-system-file-systems os)]
         [etc (fold-services services etc-service-type)]
         [special (fold-services services special-files-service-type)]
         [rc-conf (rc-conf-settings os services)])
    (check-accounts users groups)
    (check-files etc special)
    (check-file-systems file-systems (record-place os 'file-systems))
    (check-base base)
    ;; A declaration with errors costs no walk through a source tree.
    (end-if-reported)
    (->json
     (append
      (list (cons 'version 2)
            (cons 'hostName (operating-system-host-name os))
            (cons 'label (operating-system-label os))
            (cons 'timezone (operating-system-timezone os))
            (cons 'world (freebsd-base-world-item base))
            (cons 'kernel (freebsd-base-kernel-item base))
            (cons 'boot (freebsd-base-boot-item base))
            (cons 'loader (settings-data (operating-system-loader os)))
            (cons 'rcConf (settings-data rc-conf))
            (cons 'fileSystems (map file-system-data file-systems))
            (cons 'users (map user-account-data users))
            (cons 'groups (map user-group-data all-groups))
            (cons 'etc (map etc-file-data etc))
            (cons 'etcDirectories (fold-services services etc-directory-service-type))
            (cons 'directories (map directory-data (fold-services services directory-service-type)))
            (cons 'activation (map activation-step-data (fold-services services activation-service-type)))
            (cons 'readyChecks (map ready-check-data (fold-services services ready-service-type)))
            (cons 'services (services-data services))
            (cons 'provenance
                  (append (list (cons 'base (freebsd-base-provenance base)))
                          ;; It may then have depended on anything.
                          (if (%impure?) (list (cons 'impure #t)) '()))))
      ;; A system without them is the same as before there were any.
      (if (null? special) '() (list (cons 'specialFiles (map special-file-data special))))))))

;;@doc
;; The store object of a system's closure.
(define (operating-system-closure os)
  (derivation (string-append "system-" (operating-system-host-name os))
              #:builder "builtin:system"
              #:env (list (cons 'spec (system-spec os)))))

(define-lowering %operating-system operating-system-closure)
