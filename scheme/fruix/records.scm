;; Records with named, typed fields, and errors that point at the exact place.
;;
;; # How to write a module
;;
;;   (use-modules (fruix records) (fruix store))
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
;; (user-account (inherit other) (uid 1002)) takes all others from a record. `this-user-account` is the same as
;; `this-record`, for records within records.
;;
;; Types: any, string, integer, (integer MIN), (integer MIN MAX), boolean, symbol, procedure, list, file-like (a store
;; object, a text with store paths, or a record that can be built), (list-of T), (alist-of T) (pairs whose keys are symbols or strings), (maybe T)
;; (#f or T), (or T U …), (one-of 'a "b" …), or the name of a record type. That name is only compared, so the type may be
;; defined later, or in a module that is not imported; it has to be unique among all modules.
;;
;; Options of a field, in any order:
;;   (default EXPRESSION)  without it the field must be given. Evaluated for each record; `this-record` is the record
;;                         so far: fields that were given, and defaults of fields that come before.
;;   (thunked)             the value is evaluated at each access, given or default, and `this-record` in it is the record
;;                         that is accessed: also one that inherits the field.
;;   (delayed)             the value is evaluated at the first access, and never again.
;;   (innate)              `inherit` leaves the field out: it is given, or takes its default, anew.
;;   (sanitize PROCEDURE)  changes a value that was given, before its type is checked; an `(error "…")` in it is shown at
;;                         the value. In a lazy field it changes defaults, too.
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
;; `define/contract`, `guard` or `raise`. There are `define` with optional ([x 5]), keyword (#:k k, #:k [k 5]) and rest
;; (. xs) parameters, `case-lambda`, `let` (also named), `let*`, `letrec`, `cond`, `case`, `when`, `unless`, `do`,
;; `quasiquote`, `parameterize`, `with-handler`, `delay`, `sort`, `receive` of (fruix lists), and `define-syntax` with
;; `syntax-rules`; a macro that other modules import must not use macros in its template that they do not import. Defaults of
;; optional and keyword parameters are evaluated even when an argument is given. (fruix lists) and (fruix strings) have the
;; rest of SRFI 1 and 13. Never let the order of a hash reach a result: use lists.
;;
;; A comment that starts with `;;@doc` right before a definition is its documentation.
(require-builtin fruix/host)
(require "fruix-std/control")

(provide %%record-type
         %%constant
         %%construct
         %%construct-lazily
         %%held
         %%malformed
         %%field
         %%lazy-field
         %%record-of?
         %%list
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
         lowered
         %lower-root)

;; The one structure behind all records, made by hand since `struct` needs the macro kernel: its record type, the list
;; of its values, and where it was written.
(define %record-structure (make-struct-type '%record 3))
(define %record (list-ref %record-structure 1))
(define %record? (list-ref %record-structure 2))
(define %record-kind (list-ref (list-ref %record-structure 4) 0))
(define %record-values (list-ref (list-ref %record-structure 4) 1))
(define %record-origin (list-ref (list-ref %record-structure 4) 2))
(#%vtable-update-entry!
 (list-ref %record-structure 0)
 #f
 (hash '#:name '%record
       '#:fields '(kind values origin)
       '#:mutable #f
       '#:transparent #f
       '#:printer (lambda (record print)
                    (simple-display (%record->string (%record-kind record) (%record-values record))))))

;; A record type: what Rust checks, then the defaults, sanitizers and checks of its fields, and when they are evaluated.
(define %kind-structure (make-struct-type '%record-type 5))
(define %make-kind (list-ref %kind-structure 1))
(define %kind-spec (list-ref (list-ref %kind-structure 4) 0))
(define %kind-defaults (list-ref (list-ref %kind-structure 4) 1))
(define %kind-sanitizers (list-ref (list-ref %kind-structure 4) 2))
(define %kind-checks (list-ref (list-ref %kind-structure 4) 3))
(define %kind-laziness (list-ref (list-ref %kind-structure 4) 4))

;; What stands in a field that is evaluated later: 'thunked with a procedure of the record (twice: `this-record` and
;; `this-TYPE`), or 'delayed with a vector of its state and of a procedure or, in the end, the value.
(define %lazy-structure (make-struct-type '%lazy 2))
(define %lazy (list-ref %lazy-structure 1))
(define %lazy? (list-ref %lazy-structure 2))
(define %lazy-kind (list-ref (list-ref %lazy-structure 4) 0))
(define %lazy-payload (list-ref (list-ref %lazy-structure 4) 1))

;;@doc
;; Internal: what `define-record-type*` makes a type of.
(define (%%record-type name fields defaults sanitizers checks laziness)
  (let ([spec (%record-spec name fields)])
    (when sanitizers (%check-procedures spec "sanitizer" sanitizers))
    (when checks (%check-procedures spec "check" checks))
    (%make-kind spec defaults sanitizers checks laziness)))

;;@doc
;; Internal: `list`, also where that means something else.
(define %%list list)

;;@doc
;; Internal: a default that needs no evaluation.
(define (%%constant value)
  (list value))

;;@doc
;; Internal: what constructors do.
(define (%%construct kind head clauses)
  (let* ([ordered (%record-order (%kind-spec kind) head clauses)]
         [origin (list-ref ordered 2)]
         [given (%sanitize kind (list-ref ordered 0) origin)]
         [misfits (%record-misfits (%kind-spec kind) given origin)]
         [passes (%passes kind (or misfits given) origin)])
    (if (and (not misfits) passes (list-ref ordered 3))
        (let ([values (%fill kind (%inherit given (list-ref ordered 1)) origin)])
          (if (%record-misfits (%kind-spec kind) values origin) (%poison) (%record kind values origin)))
        (%poison))))

(define (%sanitize kind given origin)
  (let ([sanitizers (%kind-sanitizers kind)])
    (if sanitizers
        (let loop ([left sanitizers] [values given] [index 0] [done '()])
          (if (null? left)
              (reverse done)
              (loop (cdr left)
                    (cdr values)
                    (+ index 1)
                    (cons (%sanitized kind index (car left) (car values) origin) done))))
        given)))

;; What fails in a sanitizer is said of the value that it was given.
(define (%sanitized kind index sanitizer value origin)
  (if (or (not sanitizer) (void? value) (%lazy? value) (%poison? value))
      value
      (with-handler (lambda (condition)
                      (%sanitizer-failed (%kind-spec kind) index origin (error-object-message condition)))
        (sanitizer value))))

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
         (map (lambda (check value)
                (and check (not (void? value)) (not (%lazy? value)) (not (%poison? value)) (check value)))
              checks
              given)))))

;; Defaults are evaluated in order; each sees the record with the fields that have values so far. Those of lazy fields
;; are evaluated when the field is, and see the whole record.
(define (%fill kind values origin)
  (let loop ([left values] [defaults (%kind-defaults kind)] [laziness (%kind-laziness kind)] [done '()])
    (if (null? left)
        (reverse done)
        (loop (cdr left)
              (cdr defaults)
              (and laziness (cdr laziness))
              (cons (if (void? (car left))
                        (%default (car defaults)
                                  (and laziness (car laziness))
                                  (lambda () (%record kind (append (reverse done) left) origin)))
                        (car left))
                    done)))))

(define (%default default laziness so-far)
  (cond
    [(list? default) (car default)]
    [laziness (%lazily laziness default)]
    [else (let ([record (so-far)]) (default record record))]))

;; EVALUATE takes the record, twice; only what is evaluated at each access can know which record that is.
(define (%lazily laziness evaluate)
  (%lazy laziness
         (if (equal? laziness 'thunked)
             evaluate
             (vector 'waiting (lambda () (evaluate (%no-record) (%no-record)))))))

;;@doc
;; Internal: what constructors of types with lazy fields do. The values are procedures, of which those of other fields
;; are called at once.
(define (%%construct-lazily kind head clauses)
  (%%construct kind head (map (lambda (clause) (%with-value kind clause)) clauses)))

(define (%with-value kind clause)
  (let* ([name (list-ref clause 1)]
         [place (list-ref clause 3)]
         [evaluate (list-ref clause 4)]
         [laziness (%field-laziness (%kind-spec kind) name)])
    (list kind
          name
          (list-ref clause 2)
          place
          (if laziness (%lazily laziness evaluate) (%evaluate-value place evaluate)))))

(define (%evaluate-value place evaluate)
  (%enter-value place)
  (let ([value (evaluate (%no-record) (%no-record))])
    (%leave-field)
    value))

;;@doc
;; Internal: what accessors of lazy fields do.
(define (%%lazy-field record kind index accessor)
  (let ([value (%%field record kind index accessor)])
    (cond
      [(not (%lazy? value)) value]
      [(equal? (%lazy-kind value) 'thunked)
       (let ([evaluate (%lazy-payload value)])
         (%evaluate-field record kind index (lambda () (evaluate record record))))]
      [else
       (let ([cell (%lazy-payload value)])
         (when (equal? (vector-ref cell 0) 'waiting)
           (let ([result (%evaluate-field record kind index (vector-ref cell 1))])
             (vector-set! cell 1 result)
             (vector-set! cell 0 'done)))
         (vector-ref cell 1))])))

(define (%evaluate-field record kind index evaluate)
  (%enter-field (%kind-spec kind) index (%record-origin record))
  (let* ([origin (%record-origin record)]
         [sanitizers (%kind-sanitizers kind)]
         [checks (%kind-checks kind)]
         [value (%sanitized kind index (and sanitizers (list-ref sanitizers index)) (evaluate) origin)])
    (%field-fits (%kind-spec kind) index value origin)
    (let ([complaint (and checks (list-ref checks index) ((list-ref checks index) value))])
      (unless (%record-reject
               (%kind-spec kind)
               origin
               (map (lambda (at) (and (= at index) complaint)) (range 0 (length (%record-values record)))))
        (%abort)))
    (when (%poison? value) (%abort))
    (%leave-field)
    value))

;;@doc
;; Internal: what constructors do with clauses that are no fields.
(define (%%malformed kind head clauses places)
  (%record-malformed (%kind-spec kind) head clauses places))

;;@doc
;; Internal: what accessors do.
(define %%field %record-field)

;;@doc
;; Internal: keeps the place of a value on the stack.
(define %%held %held-value)

;;@doc
;; Internal: what predicates do.
(define (%%record-of? value kind)
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
  (%mark-buildable (%kind-spec kind))
  (set! %lowerings (cons (list (%kind-name kind) procedure) %lowerings)))

;;@doc
;; Ends the evaluation if anything was reported: before work that needs a sound declaration, or takes long.
(define (end-if-reported)
  (%end-if-reported))

(define (%kind-name kind)
  (%record-kind-name (%kind-spec kind)))

(define (%lowering value)
  (let ([name (%record-type-name value)])
    (let loop ([left (if name %lowerings '())])
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
;; VALUE with every record in it that can be built, also in lists and pairs, replaced by its store object.
(define (lowered value)
  (if (%holds-records? value) (%lowered value) value))

(define (%lowered value)
  (cond
    [(list? value) (map %lowered value)]
    [(pair? value) (cons (%lowered (car value)) (%lowered (cdr value)))]
    [(%lowering value) (lower value)]
    [else value]))

;;@doc
;; Internal: what the host builds for the last expression of a declaration: a list of store objects.
(define (%lower-root value)
  (cond
    [(lowerable? value) (list (lower value))]
    [(list? value) (map lower (filter lowerable? value))]
    [else '()]))
