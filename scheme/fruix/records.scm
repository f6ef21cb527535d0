;; Records with named, typed fields, and errors that point at the exact place.
;;
;; # How to write a module of Fruix
;;
;;   (require "fruix/records.scm" "fruix/store.scm")        ; or (use-modules (fruix records) (fruix store))
;;   (provide (record user-account) check-users)            ; (record T) provides all that T defines
;;
;;   (define-record-type* user-account
;;     "A login of the system."                             ; documentation, optional
;;     (name string (doc "The login name.") (check check-login-name))
;;     (uid (maybe (integer 0 65533)) (default #f))
;;     (home string (default (string-append "/home/" (user-account-name this-record))))
;;     (shell (one-of 'sh 'csh) (default 'sh))
;;     (groups (list-of (or string user-group)) (default '())))
;;
;; This defines the constructor `user-account`, the predicate `user-account?`, the accessors `user-account-name` …, and
;; the type `%user-account`. The constructor takes its fields in any order: (user-account (name "joe") (uid 1001)), and
;; (user-account (inherit other) (uid 1002)) takes all others from a record.
;;
;; Types: any, string, integer, (integer MIN), (integer MIN MAX), boolean, symbol, procedure, list, file-like (a store
;; object or a text with store paths), (list-of T), (alist-of T) (pairs whose keys are symbols or strings), (maybe T)
;; (#f or T), (or T U …), (one-of 'a "b" …), or the name of a record type. That name is only compared, so the type may be
;; defined later, or in a module that is not imported; it has to be unique among all modules.
;;
;; Options of a field, in any order:
;;   (default EXPRESSION)  without it the field must be given. Evaluated for each record; `this-record` is the record
;;                         so far: fields that were given, and defaults of fields that come before.
;;   (convert PROCEDURE)   changes a value that was given, before its type is checked.
;;   (check PROCEDURE)     takes a value that was given and fits its type; gives #f, or a string that says what is wrong
;;                         with it ("must not be empty"), which is shown at the value.
;;   (doc "…")             documentation.
;;
;; A constructor with errors reports them and gives a stand-in that fits every type, so that one evaluation shows all
;; errors of a declaration; using the stand-in ends the evaluation. Checks that need several records report like this:
;;
;;   (report-record-error second 'uid "two users have the uid 1001" "used again here" "choose another"
;;                        (list (list (record-place first 'uid) "first used here")))
;;
;; `report-…` goes on, `record-error` and `raise-at` end the evaluation. What `(error "…")` says in a module of Fruix is
;; shown at the user's call. A record type becomes buildable by
;;
;;   (define-lowering %operating-system (lambda (os) (derivation …)))
;;
;; # What the interpreter lacks
;;
;; It runs without Steel's macro kernel. There is no `struct`, `match`, `define-values`, `let-values`, `defmacro`,
;; `define/contract`, `guard`, `raise` or `case-lambda`. There are `define` with optional ([x 5]), keyword (#:k k,
;; #:k [k 5]) and rest (. xs) parameters, `let` (also named), `let*`, `letrec`, `cond`, `case`, `when`, `unless`,
;; `quasiquote`, `parameterize`, `with-handler`, `sort`, and `define-syntax` with `syntax-rules`; a macro that other modules
;; import must not use macros in its template that they do not import. Defaults of optional and keyword parameters are
;; evaluated even when an argument is given. (fruix lists) and (fruix strings) have the rest of SRFI 1 and 13. Never let
;; the order of a hash reach a result: use lists.
;;
;; A comment that starts with `;;@doc` right before a definition is its documentation.
(require-builtin fruix/host)
(require "fruix-std/control")

(provide %record-type
         %constant
         %construct
         %malformed
         %field
         %record-of?
         record?
         record-type-name
         record-place
         record-error
         report-record-error
         raise-at
         report-at
         end-if-reported
         define-lowering
         lowerable?
         lower
         %lower-root)

;; The one structure behind all records, made by hand since `struct` needs the macro kernel: its record type, the list
;; of its values, and where it was written.
(define %record-structure (make-struct-type '%record 3))
(define %record (list-ref %record-structure 1))
(define %record? (list-ref %record-structure 2))
(define %record-kind (list-ref (list-ref %record-structure 4) 0))
(define %record-values (list-ref (list-ref %record-structure 4) 1))
(#%vtable-update-entry!
 (list-ref %record-structure 0)
 #f
 (hash '#:name '%record
       '#:fields '(kind values origin)
       '#:mutable #f
       '#:transparent #f
       '#:printer (lambda (record print)
                    (simple-display (%record->string (%record-kind record) (%record-values record))))))

;; A record type: what Rust checks, then the defaults, converters and checks of its fields.
(define %kind-structure (make-struct-type '%record-type 4))
(define %make-kind (list-ref %kind-structure 1))
(define %kind-spec (list-ref (list-ref %kind-structure 4) 0))
(define %kind-defaults (list-ref (list-ref %kind-structure 4) 1))
(define %kind-converters (list-ref (list-ref %kind-structure 4) 2))
(define %kind-checks (list-ref (list-ref %kind-structure 4) 3))

;;@doc
;; Internal: what `define-record-type*` makes a type of.
(define (%record-type name fields defaults converters checks)
  (%make-kind (%record-spec name fields) defaults converters checks))

;;@doc
;; Internal: a default that needs no evaluation.
(define (%constant value)
  (list value))

;;@doc
;; Internal: what constructors do.
(define (%construct kind head clauses)
  (let* ([ordered (%record-order (%kind-spec kind) head clauses)]
         [origin (list-ref ordered 2)]
         [given (%convert (%kind-converters kind) (list-ref ordered 0))]
         [fits (%record-check (%kind-spec kind) given origin)])
    (if (and fits (list-ref ordered 3) (%passes kind given origin))
        (let ([values (%fill kind (%inherit given (list-ref ordered 1)) origin)])
          (if (%record-check (%kind-spec kind) values origin) (%record kind values origin) (%poison)))
        (%poison))))

(define (%convert converters given)
  (if converters
      (map (lambda (convert value) (if (and convert (not (void? value))) (convert value) value))
           converters
           given)
      given))

(define (%inherit given inherited)
  (if inherited
      (map (lambda (value base) (if (void? value) base value)) given inherited)
      given))

(define (%passes kind given origin)
  (let ([checks (%kind-checks kind)])
    (or (not checks)
        (%record-reject
         (%kind-spec kind)
         origin
         (map (lambda (check value) (and check (not (void? value)) (check value))) checks given)))))

;; Defaults are evaluated in order; each sees the record with the fields that have values so far.
(define (%fill kind values origin)
  (let loop ([left values] [defaults (%kind-defaults kind)] [done '()])
    (cond
      [(null? left) (reverse done)]
      [(not (void? (car left))) (loop (cdr left) (cdr defaults) (cons (car left) done))]
      [else
       (let* ([default (car defaults)]
              [value (if (list? default)
                         (car default)
                         (default (%record kind (append (reverse done) left) origin)))])
         (loop (cdr left) (cdr defaults) (cons value done)))])))

;;@doc
;; Internal: what constructors do with clauses that are no fields.
(define (%malformed kind head clauses places)
  (%record-malformed (%kind-spec kind) head clauses places))

;;@doc
;; Internal: what accessors do.
(define %field %record-field)

;;@doc
;; Internal: what predicates do.
(define (%record-of? value kind)
  (or (%poison? value)
      (and (%record? value) (equal? (%kind-spec (%record-kind value)) (%kind-spec kind)))))

;;@doc
;; Whether a value is a record of any type.
(define (record? value)
  (%record? value))

;;@doc
;; The name of a record's type, a symbol; #f for anything else.
(define (record-type-name value)
  (%record-type-name value))

;;@doc
;; Where a field of a record was written, or, without a field, the record itself: for `raise-at` and `report-at`.
(define (record-place record [field #f])
  (%record-place record field))

;;@doc
;; Reports that something is wrong at a place and goes on, so that further errors are found. PLACE is what
;; `record-place` gives, or #f. LABEL stands at the place, HINT says what to do; both may be #f. ALSO is a list of
;; (PLACE TEXT) for further places.
(define (report-at place message [label #f] [hint #f] [also '()])
  (%problem message hint (cons (list place (or label "here")) also)))

;;@doc
;; Like `report-at`, and ends the evaluation.
(define (raise-at place message [label #f] [hint #f] [also '()])
  (report-at place message label hint also)
  (%abort))

;;@doc
;; Reports that something is wrong with a field of a record and goes on.
(define (report-record-error record field message [label #f] [hint #f] [also '()])
  (report-at (record-place record field) message label hint also))

;;@doc
;; Like `report-record-error`, and ends the evaluation.
(define (record-error record field message [label #f] [hint #f] [also '()])
  (raise-at (record-place record field) message label hint also))

;; Type name and procedure, latest first.
(define %lowerings '())

;;@doc
;; Says how records of a type become a store object: PROCEDURE takes the record and gives a store object, or something
;; that can itself be lowered. Used as (define-lowering %operating-system operating-system-closure).
(define (define-lowering kind procedure)
  (set! %lowerings (cons (list (%kind-name kind) procedure) %lowerings)))

;;@doc
;; Ends the evaluation if anything was reported: before work that needs a sound declaration, or takes long.
(define (end-if-reported)
  (%end-if-reported))

(define (%kind-name kind)
  (%record-kind-name (%kind-spec kind)))

(define (%lowering value)
  (let ([name (%record-type-name value)])
    (let loop ([left %lowerings])
      (cond
        [(null? left) #f]
        [(equal? name (car (car left))) (list-ref (car left) 1)]
        [else (loop (cdr left))]))))

;;@doc
;; Whether a value is a store object or can become one.
(define (lowerable? value)
  (or (%store-object? value) (and (%lowering value) #t)))

;;@doc
;; The store object that a value stands for.
(define (lower value)
  (if (%store-object? value)
      value
      (let ([lowering (%lowering value)])
        (if lowering
            (lower (lowering value))
            (error "this value cannot be built:" value)))))

;;@doc
;; Internal: what the host builds for the last expression of a declaration: a list of store objects.
(define (%lower-root value)
  (cond
    [(lowerable? value) (list (lower value))]
    [(list? value) (map lower (filter lowerable? value))]
    [else '()]))
