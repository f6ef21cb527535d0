;; Accounts: who may use a system.
(require-builtin fruix/host)
(require "fruix/records.scm")
(require "fruix/store.scm")
(require "fruix/lists/core.scm")
(require "fruix/strings.scm")

(provide (record user-account user-group)
         %base-users
         %base-groups
         check-accounts
         own-groups
         user-account-data
         user-group-data)

;;@doc
;; The accounts that every FreeBSD base has. A declaration may name and change them; the number of one is that of the
;; base, and another one is refused when the system is built.
(define %base-users
  '("root" "toor" "daemon" "operator" "bin" "tty" "kmem" "games" "news" "man" "sshd" "smmsp" "mailnull" "bind"
    "unbound" "proxy" "_pflogd" "_dhcp" "uucp" "pop" "auditdistd" "www" "ntpd" "_ypldap" "hast" "tests"
    "nobody"))

;;@doc
;; The groups that every FreeBSD base has.
(define %base-groups
  '("wheel" "daemon" "kmem" "sys" "tty" "operator" "mail" "bin" "news" "man" "games" "ftp" "staff" "sshd"
    "smmsp" "mailnull" "guest" "video" "realtime" "idletime" "bind" "unbound" "proxy" "authpf" "_pflogd"
    "_dhcp" "uucp" "dialer" "network" "audit" "www" "ntpd" "_ypldap" "hast" "tests" "nogroup" "nobody"))

(define %letters (string->list "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ_"))
(define %name-characters (append %letters (string->list "0123456789-.")))

(define (check-account-name name)
  (and (not (and (> (string-length name) 0)
                 (<= (string-length name) 32)
                 (member (string-ref name 0) %letters)
                 (every (lambda (character) (member character %name-characters)) (string->list name))))
       "an account's name has at most 32 letters, digits and `_-.`, with a letter or `_` first"))

(define (check-line text)
  (and (any (lambda (character) (member character '(#\: #\newline))) (string->list text))
       "master.passwd separates its fields by colons: neither a colon nor a line break can be in one"))

(define (check-absolute path)
  (or (and (not (starts-with? path "/")) "expected an absolute path") (check-line path)))

;; Programs that people log in with and that come as packages, whose files lie below /usr/local.
(define %package-shells '("bash" "dash" "elvish" "fish" "ksh" "ksh93" "mksh" "nu" "oksh" "zsh"))

(define (check-shell path)
  (or (check-absolute path)
      (let ([program (last (string-split path "/"))])
        (and (member program %package-shells)
             (not (starts-with? path "/usr/local/"))
             (string-append "FreeBSD has no " path
                            ": its shells are /bin/sh, /bin/csh and /bin/tcsh; a package has /usr/local/bin/"
                            program)))))

(define (check-keys keys)
  (any (lambda (key)
         (and (string? key)
              (cond
                [(member #\newline (string->list key)) "a key is one line; give a list of several"]
                [(not (member #\space (string->list key)))
                 "expected a line of a .pub file: a type, the key, and usually a comment"]
                [else #f])))
       keys))

(define-record-type* user-account
  "An account. What is declared no more is locked on the machine, and not removed."
  (name string (check check-account-name) (doc "The login name."))
  (uid (maybe (integer 0 4294967294))
       (default #f)
       (doc "Its number. #f: the machine takes a free one, and keeps it."))
  (group (maybe string)
         (default (if (equal? (user-account-name this-record) "root") "wheel" #f))
         (doc "Its primary group. #f: a group of its own, with its name and its number."))
  (supplementary-groups (list-of string)
                        (default '())
                        (doc "Further groups; wheel is for those who may use su."))
  (comment string (default "") (check check-line) (doc "The full name."))
  (home string
        (default (if (equal? (user-account-name this-record) "root")
                     "/root"
                     (string-append "/home/" (user-account-name this-record))))
        (check check-absolute)
        (doc "The home directory."))
  (create-home? boolean (default #t) (doc "Whether activation makes the home directory, if it is not there."))
  (shell string (default "/bin/sh") (check check-shell) (doc "The login shell."))
  (authorized-keys (list-of (or string file-like))
                   (default '())
                   (check check-keys)
                   (doc "Who may log in over SSH: lines of .pub files, or files with such lines.")))

(define-record-type* user-group
  "A group."
  (name string (check check-account-name) (doc "Its name."))
  (gid (maybe (integer 0 4294967294))
       (default #f)
       (doc "Its number. #f: the machine takes a free one, and keeps it."))
  (members (list-of string) (default '()) (doc "Accounts in it, besides those that name it themselves.")))

;; Reports every two records of a list that agree in a field.
(define (check-distinct records field accessor message)
  (let loop ([left records] [seen '()])
    (unless (null? left)
      (let* ([record (car left)]
             [value (accessor record)]
             [earlier (and value (find (lambda (other) (equal? (accessor other) value)) seen))])
        (when earlier
          (report-record-error record
                               field
                               (message record earlier value)
                               "again here"
                               (string-append "give one of them another " (symbol->string field))
                               (list (list (record-place earlier field) "first here"))))
        (loop (cdr left) (cons record seen))))))

;;@doc
;; The groups of those users who have one of their own that is not among GROUPS.
(define (own-groups users groups)
  (let ([taken (append (map user-group-name groups) %base-groups)])
    (filter-map (lambda (user)
                  (and (not (user-account-group user))
                       (not (member (user-account-name user) taken))
                       (user-group (name (user-account-name user)) (gid (user-account-uid user)))))
                users)))

;;@doc
;; Reports what is wrong with the accounts of a system taken together.
(define (check-accounts users groups)
  (check-distinct users
                  'name
                  user-account-name
                  (lambda (user other name) (string-append "the account `" name "` is declared twice")))
  (check-distinct users
                  'uid
                  user-account-uid
                  (lambda (user other uid)
                    (string-append "the accounts `" (user-account-name other) "` and `"
                                   (user-account-name user)
                                   "` have one uid, " (number->string uid))))
  (check-distinct groups
                  'name
                  user-group-name
                  (lambda (group other name) (string-append "the group `" name "` is declared twice")))
  (check-distinct groups
                  'gid
                  user-group-gid
                  (lambda (group other gid)
                    (string-append "the groups `" (user-group-name other) "` and `" (user-group-name group)
                                   "` have one gid, " (number->string gid))))
  (for-each (lambda (own)
              (let ([rival (find (lambda (group) (equal? (user-group-gid group) (user-group-gid own)))
                                 groups)])
                (when (and rival (user-group-gid own))
                  (report-record-error rival
                                       'gid
                                       (string-append "the group `" (user-group-name rival)
                                                      "` has the number that the own group of the account `"
                                                      (user-group-name own) "` takes from its uid")
                                       "taken"
                                       "choose another gid, or give the account a group"))))
            (own-groups users groups))
  (let ([known (append (map user-group-name groups) (map user-account-name users) %base-groups)]
        [people (append (map user-account-name users) %base-users)])
    (for-each (lambda (user)
                (check-group user 'group (list (user-account-group user)) known)
                (check-group user 'supplementary-groups (user-account-supplementary-groups user) known)
                (check-key-files user))
              users)
    (for-each (lambda (group)
                (for-each (lambda (member-name)
                            (unless (member member-name people)
                              (report-record-error group
                                                   'members
                                                   (string-append "there is no account `" member-name "`")
                                                   "a member of this group"
                                                   "declare it with `user-account`")))
                          (user-group-members group)))
              groups)))

;; Key files of the machine; what is made by Fruix or built is not there yet.
(define (check-key-files user)
  (let loop ([left (user-account-authorized-keys user)] [index 0])
    (unless (null? left)
      (when (store-object? (car left))
        (%examine (car left) 'public-keys (list index) (or (record-place user 'authorized-keys) '())))
      (loop (cdr left) (+ index 1)))))

(define (check-group user field names known)
  (for-each (lambda (name)
              (when (and name (not (member name known)))
                (report-record-error user
                                     field
                                     (string-append "there is no group `" name "`")
                                     (string-append "a group of `" (user-account-name user) "`")
                                     (string-append "declare it in `groups`: (user-group (name \"" name
                                                    "\"))"))))
            names))

;;@doc
;; A user as the builder of systems reads it, for `->json`.
(define (user-account-data user)
  (list (cons 'name (user-account-name user))
        (cons 'uid (or (user-account-uid user) void))
        (cons 'group (or (user-account-group user) (user-account-name user)))
        (cons 'supplementaryGroups (user-account-supplementary-groups user))
        (cons 'comment (user-account-comment user))
        (cons 'home (user-account-home user))
        (cons 'shell (user-account-shell user))
        (cons 'createHome (user-account-create-home? user))
        (cons 'authorizedKeys (user-account-authorized-keys user))))

;;@doc
;; A group as the builder of systems reads it, for `->json`.
(define (user-group-data group)
  (list (cons 'name (user-group-name group))
        (cons 'gid (or (user-group-gid group) void))
        (cons 'members (user-group-members group))))
