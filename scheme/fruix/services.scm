;; Services: a graph in which each one extends others.
;;
;; A service has a type and a value. Its type says which other types it extends, and with what, computed from the
;; value. Whatever is extended composes what it is given and extends its own value with it. At the ends of the graph
;; stand the few types that make the system: settings of rc.conf, files of /etc, accounts, directories, steps of
;; activation, and what must hold before the system is ready.
(require-builtin fruix/host)
(require "fruix/records.scm")
(require "fruix/lists/core.scm")

(provide (record service-type)
         service-extension
         service
         simple-service
         service?
         service-kind
         service-value
         modify-service
         service-graph
         fold-services
         check-services
         rc-conf-service-type
         etc-service-type
         etc-directory-service-type
         special-files-service-type
         check-files
         account-service-type
         group-service-type
         directory-service-type
         activation-service-type
         rc-script-service-type
         ready-service-type
         (record etc-file special-file directory activation-step rc-script ready-check)
         etc-file-data
         special-file-data
         directory-data
         activation-step-data
         ready-check-data
         services-data)

(define-record-type* service-type
  "A kind of service."
  (name symbol (doc "What names it in messages and in the graph."))
  (extensions (list-of service-extension-to) (default '()) (doc "What it extends, by `service-extension`."))
  (compose procedure
           (default (lambda (values) (apply append values)))
           (doc "Makes one value of the list of all that extends it."))
  (extend (maybe procedure)
          (default #f)
          (doc "Gives the value of a service extended by the composed one. #f: it cannot be extended."))
  (accepts any
           (default 'any)
           (check (lambda (type)
                    (and (not (%type? type)) "expected a field type, such as '(list-of string)")))
           (doc "The type of what each extension gives: a field type, such as '(list-of etc-file)."))
  (default-value any (default #f) (doc "The value of a service that is given none."))
  (description string (default "") (doc "One sentence.")))

(define-record-type* service-extension-to
  "One edge of the graph."
  (target service-type (doc "What is extended."))
  (compute procedure (doc "Makes of the service's value what the target gets.")))

(define-record-type* service-record
  "A service of a system."
  (kind service-type (doc "What it is."))
  (value any (doc "How it is configured.")))

;;@doc
;; That a service extends those of type TARGET with what COMPUTE makes of its value.
(define (service-extension target compute)
  (service-extension-to (target target) (compute compute)))

;;@doc
;; A service of a type, with a value or with the type's default.
(define (service kind . value)
  (unless (null? value) (check-value kind (car value)))
  (service-record (kind kind) (value (if (null? value) (service-type-default-value kind) (car value)))))

;; A type whose default value is a record takes records of that type.
(define (check-value kind value)
  (let ([expected (record-type-name (service-type-default-value kind))])
    (when (and expected (not (equal? (record-type-name value) expected)))
      (error (string-append "the service " (type-text kind) " takes an `" (symbol->string expected)
                            "` record")))))

;;@doc
;; A service that only extends those of type TARGET with VALUE. NAME, a symbol, tells it from other services:
;; (simple-service 'motd etc-service-type (list (etc-file (path "motd.template") (content "Welcome!\n")))).
(define (simple-service name target value)
  (let ([fault (and (service-type? target) (extension-fault (simple-service-type name target) target value))])
    (when fault (%fail fault))
    (service (simple-service-type name target) value)))

;; What is wrong with what a service of type KIND gives to those of type TARGET; #f if nothing is.
(define (extension-fault kind target value)
  (let ([misfit (%misfit (service-type-accepts target) value)])
    (and misfit
         (string-append "the service " (type-text kind) " gives " (type-text target) " " (list-ref misfit 1)
                        ", where it takes " (list-ref misfit 0)))))

(define (simple-service-type type-name target)
  (service-type (name type-name)
                (extensions (list (service-extension target (lambda (value) value))))
                (description "Extends another service.")))

;;@doc
;; Whether a value is a service.
(define (service? value)
  (service-record? value))

;;@doc
;; The `service-type` of a service.
(define (service-kind service)
  (service-record-kind service))

;;@doc
;; The value of a service, before others extend it.
(define (service-value service)
  (service-record-value service))

;;@doc
;; SERVICES with those of type KIND given the value that PROCEDURE makes of theirs.
(define (modify-service services kind procedure)
  (map (lambda (one)
         (if (same-type? (service-kind one) kind) (service kind (procedure (service-value one))) one))
       services))

(define (same-type? a b)
  (equal? (service-type-name a) (service-type-name b)))

;;@doc
;; The graph of SERVICES: what each one is worth, extended, and what it gives to others. Each is found once, when it is
;; first asked for: configurations of a hundred machines are evaluated in one go.
(define (service-graph services)
  (let ([nodes (nodes-from services 0)])
    (cons nodes (append-map edges-from nodes))))

;; A node is a vector of a service, its index, and the value of the service once it is 'done.
(define (nodes-from services index)
  (if (null? services)
      '()
      (cons (vector (car services) index 'waiting #f) (nodes-from (cdr services) (+ index 1)))))

(define (node-kind node)
  (service-kind (vector-ref node 0)))

;; An edge is a vector of the name of the type that it leads to, its node, its record, and what it gives once that is
;; 'done.
(define (edges-from node)
  (map (lambda (extension)
         (vector (service-type-name (service-extension-to-target extension)) node extension 'waiting #f))
       (service-type-extensions (node-kind node))))

(define (edges-to graph target)
  (let ([name (service-type-name target)])
    (filter (lambda (edge) (equal? (vector-ref edge 0) name)) (cdr graph))))

(define (edge-value graph edge)
  (when (equal? (vector-ref edge 3) 'waiting)
    (let ([value ((service-extension-to-compute (vector-ref edge 2)) (node-value graph (vector-ref edge 1)))])
      (vector-set! edge 4 value)
      (vector-set! edge 3 'done)))
  (vector-ref edge 4))

(define (node-value graph node)
  (let ([state (vector-ref node 2)])
    (when (equal? state 'computing)
      (raise-at (record-place (node-kind node))
                (string-append "the service type " (type-text (node-kind node))
                               " extends itself, by way of others")
                "in this cycle"))
    (when (equal? state 'waiting)
      (vector-set! node 2 'computing)
      (let ([value (extended graph (node-kind node) (service-value (vector-ref node 0)))])
        (vector-set! node 3 value)
        (vector-set! node 2 'done)))
    (vector-ref node 3)))

(define (extended graph target value)
  (let ([given (map (lambda (edge) (edge-value graph edge)) (edges-to graph target))])
    (if (null? given)
        value
        ((service-type-extend target) value ((service-type-compose target) given)))))

;;@doc
;; The value of the service of type TARGET in a graph, extended by all that extend it. A type that no service of the graph
;; has stands with its default value.
(define (fold-services graph target)
  (let ([node (find (lambda (node) (same-type? (node-kind node) target)) (car graph))])
    (if node (node-value graph node) (extended graph target (service-type-default-value target)))))

;;@doc
;; The graph of SERVICES, if nothing is wrong with them taken together; else the evaluation ends with a report. PLACE is
;; where they are declared.
(define (check-services services place)
  (let loop ([left services] [index 0] [seen '()])
    (unless (null? left)
      (let ([kind (service-kind (car left))])
        (when (find (lambda (other) (same-type? other kind)) seen)
          (report-service place
                          index
                          (string-append "there are two services of the type " (type-text kind))
                          "remove one, or use `modify-service` to change the value of the other"))
        (for-each (lambda (edge)
                    (let ([target (service-extension-to-target edge)])
                      (unless (service-type-extend target)
                        (report-service place
                                        index
                                        (string-append "the service " (type-text kind) " extends "
                                                       (type-text target)
                                                       ", which cannot be extended")
                                        "give the extended service type an `extend` procedure"))))
                  (service-type-extensions kind))
        (loop (cdr left) (+ index 1) (cons kind seen)))))
  (end-if-reported)
  (let ([graph (service-graph services)])
    (for-each (lambda (edge) (check-edge graph edge place)) (cdr graph))
    (end-if-reported)
    graph))

(define (check-edge graph edge place)
  (let* ([node (vector-ref edge 1)]
         [target (service-extension-to-target (vector-ref edge 2))]
         [fault (extension-fault (node-kind node) target (edge-value graph edge))])
    (when fault
      (report-service place (vector-ref node 1) fault "change its value, or what its type makes of it"))))

;; Something is wrong with the service that has this INDEX in the list at PLACE.
(define (report-service place index message hint)
  (%problem message hint (list (list place "here" index))))

(define (type-text kind)
  (string-append "`" (symbol->string (service-type-name kind)) "`"))

;; The ends of the graph. Their values are lists.

(define (list-service-type type-name element-type type-description)
  (service-type (name type-name)
                (accepts (list 'list-of element-type))
                (extend append)
                (default-value '())
                (description type-description)))

;;@doc
;; Takes settings of rc.conf(5): pairs of a name and a text.
(define rc-conf-service-type
  (service-type (name 'rc-conf)
                (accepts '(alist-of string))
                (extend append)
                (default-value '())
                (description "Settings of rc.conf: pairs of a name and a text.")))

;;@doc
;; Takes files below /etc: `etc-file` records.
(define etc-service-type (list-service-type 'etc 'etc-file "Files below /etc: `etc-file` records."))

;;@doc
;; Takes files anywhere outside of /etc and of the world's directories: `special-file` records.
(define special-files-service-type
  (list-service-type 'special-files 'special-file "Files outside of /etc: `special-file` records."))

;;@doc
;; Takes names of directories below /etc that stay writable, because something on the machine writes there.
(define etc-directory-service-type
  (list-service-type 'etc-directory 'string "Directories below /etc, relative to it, that stay writable."))

;;@doc
;; Takes `user-account` records.
(define account-service-type (list-service-type 'account 'user-account "Accounts: `user-account` records."))

;;@doc
;; Takes `user-group` records.
(define group-service-type (list-service-type 'group 'user-group "Groups: `user-group` records."))

;;@doc
;; Takes directories outside the store: `directory` records.
(define directory-service-type
  (list-service-type 'directory 'directory "Directories outside the store: `directory` records."))

;;@doc
;; Takes steps of the activation: `activation-step` records.
(define activation-service-type
  (list-service-type 'activation 'activation-step "Steps of activation: `activation-step` records."))

;;@doc
;; Takes the scripts of rc(8) that a service runs by: `rc-script` records. A script that a service brings along, as a file
;; `rc.d/NAME` of /etc or `/usr/local/etc/rc.d/NAME`, is one of its scripts without being named here.
(define rc-script-service-type
  (list-service-type 'rc-script 'rc-script "Scripts of rc(8) that services run by: `rc-script` records."))

;;@doc
;; Takes what must hold before the system is ready: `ready-check` records.
(define ready-service-type
  (list-service-type 'ready 'ready-check "What must hold before the system is ready: `ready-check` records."))

(define (check-etc-path path)
  (cond
    [(starts-with? path "/etc/") "leave out `/etc/`: the path is relative to it"]
    [(starts-with? path "/") "expected a path relative to /etc; other files are `special-file`s"]
    [else (check-parts path)]))

(define (check-special-path path)
  (cond
    [(not (starts-with? path "/")) "expected an absolute path"]
    [(starts-with? path "/etc/") "files of /etc are `etc-file`s, with a path relative to it"]
    [(any (lambda (reserved) (starts-with? (string-append path "/") reserved)) %reserved-directories)
     "this directory is not the declaration's: the system makes what is in it"]
    [else (check-parts (substring path 1 (string-length path)))]))

;; What the kernel, activation and the store fill.
(define %reserved-directories '("/dev/" "/frx/" "/proc/" "/run/"))

(define (check-parts path)
  (let ([parts (%string-split path "/")])
    (cond
      [(member ".." parts) "a path cannot have `..`"]
      [(or (member "" parts) (member "." parts)) "a path cannot have empty parts, or `.`"]
      [(any (lambda (character) (or (member character %odd-characters) (not (plain? character))))
            (string->list path))
       "use printable ASCII without spaces, quotes, backslashes and wildcards"]
      [else #f])))

(define %odd-characters (string->list "\"'\\*?[]#"))

(define (plain? character)
  (let ([code (char->integer character)]) (and (> code 32) (< code 127))))

(define-record-type* etc-file
  "A file below /etc."
  (path string (check check-etc-path) (doc "Relative to /etc."))
  (content (or string file-like) (doc "Its text; or, as a store object, the file that it links to."))
  (executable? boolean (default #f) (doc "Whether it may be executed, as an rc.d script must.")))

(define-record-type* special-file
  "A file outside of /etc. On the running system it is a link into the current system, which activation makes if there \
is nothing else; directories that it lies in are made, too."
  (path string (check check-special-path) (doc "Absolute, such as \"/usr/local/etc/doas.conf\"."))
  (content (or string file-like)
           (doc "Its text; or, as a store object, the file or directory that it links to."))
  (executable? boolean (default #f) (doc "Whether a text may be executed.")))

(define-record-type* directory
  "A directory outside the store, made if it is not there."
  (path string (doc "Absolute."))
  (owner string (default "root") (doc "An account with a fixed uid."))
  (group string (default "wheel") (doc "A group with a fixed gid."))
  (mode string (default "0755") (doc "In octal.")))

(define-record-type* activation-step
  "A step of activation, after those that every system has."
  (name string (doc "What the console calls it: letters, digits and `-`."))
  (script (or string file-like) (doc "Shell commands; a status other than 0 fails the activation.")))

(define (check-rc-script name)
  (and (or (equal? name "") (any (lambda (character) (member character '(#\/ #\space))) (string->list name)))
       "expected the name of a script in rc.d, as service(8) takes it"))

(define-record-type* rc-script
  "A script of rc(8) that a service runs by, and what is done when the definition of the service has changed and the \
system is switched while it runs."
  (name string (check check-rc-script) (doc "What it is called in rc.d, and by service(8)."))
  (when-changed
   (one-of 'restart 'reload 'keep)
   (default 'restart)
   (doc "`restart`: it is stopped, and started again. `reload`: it reads its configuration again, and \
ends nothing. `keep`: it stays as it is until the next boot.")))

(define-record-type* ready-check
  "Something that must hold before the system is ready."
  (name string (doc "What the console calls it: one word."))
  (requires (list-of string) (default '()) (doc "rc.d scripts that must have run, by what they PROVIDE."))
  (command string (doc "A command line of sh; status 0 means that it holds.")))

;;@doc
;; The record as the builder of systems reads it, for `->json`.
(define (etc-file-data file)
  (list (cons 'path (etc-file-path file))
        (cons (if (string? (etc-file-content file)) 'text 'source) (etc-file-content file))
        (cons 'executable (etc-file-executable? file))))

;;@doc
;; The record as the builder of systems reads it, for `->json`.
(define (special-file-data file)
  (list (cons 'path (special-file-path file))
        (cons (if (string? (special-file-content file)) 'text 'source) (special-file-content file))
        (cons 'executable (special-file-executable? file))))

;; Files that the system makes itself, and what to declare instead.
(define %generated-files
  '(("rc.conf" . "set it with (rc-conf '((\"NAME\" . \"VALUE\"))) of the `operating-system`")
    ("fstab" . "declare `file-systems` instead")
    ("localtime" . "set the `timezone` of the `operating-system` instead")
    ("master.passwd" . "declare `users` instead")
    ("passwd" . "declare `users` instead")
    ("group" . "declare `groups` instead")
    ("pwd.db" . "declare `users` instead")
    ("spwd.db" . "declare `users` instead")
    ("hostid" . "each machine makes its own")
    ("machine-id" . "each machine makes its own")
    ("fruix/ready-checks" . "extend `ready-service-type` instead")
    ("rc.d/fruix_ready" . "extend `ready-service-type` instead")))

;;@doc
;; Reports what is wrong with the files of a system taken together: two at one path, one below another, and those that
;; the system makes itself. ETC are `etc-file` records, SPECIAL are `special-file` records.
(define (check-files etc special)
  (for-each (lambda (file)
              (let* ([path (etc-file-path file)]
                     [hint (find (lambda (entry) (equal? (car entry) path)) %generated-files)])
                (cond
                  [hint
                   (report-record-error file
                                        'path
                                        (string-append "the system makes /etc/" path " itself")
                                        "would be replaced by this file"
                                        (cdr hint))]
                  [(starts-with? path "ssh/authorized_keys.d/")
                   (report-record-error file
                                        'path
                                        (string-append "the system makes /etc/" path " itself")
                                        "belongs to an account"
                                        "use the `authorized-keys` of the `user-account`")])))
            etc)
  (check-paths (map (lambda (file) (cons (etc-file-path file) file)) etc))
  (check-paths (map (lambda (file) (cons (special-file-path file) file)) special)))

;; FILES: pairs of a path and a record.
(define (check-paths files)
  (let loop ([left files] [seen '()])
    (unless (null? left)
      (let* ([path (car (car left))]
             [clash (find (lambda (other)
                            (or (equal? (car other) path)
                                (starts-with? path (string-append (car other) "/"))
                                (starts-with? (car other) (string-append path "/"))))
                          seen)])
        (when clash
          (report-record-error
           (cdr (car left))
           'path
           (if (equal? (car clash) path)
               (string-append "two files of the system are called `" path "`")
               (string-append "one of `" (car clash) "` and `" path
                              "` would have to be a directory, and both are files"))
           "again here"
           "leave one out, or give it another path; `modify-service` changes what services bring"
           (list (list (record-place (cdr clash) 'path) "first here"))))
        (loop (cdr left) (cons (car left) seen))))))

;;@doc
;; The record as the builder of systems reads it, for `->json`.
(define (directory-data one)
  (list (cons 'path (directory-path one))
        (cons 'owner (directory-owner one))
        (cons 'group (directory-group one))
        (cons 'mode (directory-mode one))))

;;@doc
;; The record as the builder of systems reads it, for `->json`.
(define (activation-step-data step)
  (list (cons 'name (activation-step-name step)) (cons 'script (activation-step-script step))))

;;@doc
;; The record as the builder of systems reads it, for `->json`.
(define (ready-check-data check)
  (list (cons 'name (ready-check-name check))
        (cons 'requires (ready-check-requires check))
        (cons 'command (ready-check-command check))))

;;@doc
;; What defines each service of a graph, by the names of what it brings into the system, as the builder of systems reads
;; it, for `->json`.
(define (services-data graph)
  (map (lambda (node) (node-data graph node)) (car graph)))

(define (node-data graph node)
  (define (given target)
    (append-map (lambda (edge) (if (eq? (vector-ref edge 1) node) (edge-value graph edge) '()))
                (edges-to graph target)))
  (list (cons 'name (service-type-name (node-kind node)))
        (cons 'rcScripts (map rc-script-data (given rc-script-service-type)))
        (cons 'rcConf (map car (given rc-conf-service-type)))
        (cons 'etc (map etc-file-path (given etc-service-type)))
        (cons 'specialFiles (map special-file-path (given special-files-service-type)))
        (cons 'activation (map activation-step-name (given activation-service-type)))))

(define (rc-script-data script)
  (list (cons 'name (rc-script-name script)) (cons 'whenChanged (rc-script-when-changed script))))
