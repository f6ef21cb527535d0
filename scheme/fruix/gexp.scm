;; Gexps: forms that are evaluated when something is built, by Fruix itself.
;;
;; A gexp, `#~(…)`, is not evaluated where it stands: it is a form for the builder. `#$VALUE` in it inserts a value of
;; the declaration: a file or anything else that can be built becomes a string with its store path, and an input of what
;; is built; a string, number or boolean becomes a literal; a list becomes code, so write '#$names for a list of data; a
;; gexp becomes the form that it is. `#$@LIST` inserts the elements of a list. `#$output` is the path to make.
;;
;;   (computed-file "greeting"
;;     #~(begin
;;         (make-directory #$output)
;;         (for-each (lambda (name) (write-file (string-append #$output "/" name) "Hello " name "\n"))
;;                   '#$names)
;;         (symlink #$(plain-file "readme" "…") (string-append #$output "/README"))))
;;
;; A form may use Scheme, (fruix lists), (fruix strings) and the procedures of (fruix builder), without naming these
;; modules. It runs in the sandbox, sees its inputs and nothing else, and needs no program and no tool chain. An error in
;; it is shown with the form in the log of the build.
(require-builtin fruix/host)
(require "fruix/records.scm")
(require "fruix/derivations.scm")

(provide gexp? computed-file %gexp)

;;@syntax #~form
;; A form for the builder: a gexp. Needs (fruix gexp).

;;@syntax #$value
;; In a gexp: a value of the declaration. `#$output` is the path of the output, `#$output:NAME` that of another one.

;;@syntax #$@values
;; In a gexp: the elements of a list of the declaration.

;;@doc
;; Internal: what the reader makes of a gexp.
(define (%gexp key places parts)
  (%make-gexp key places (lowered parts)))

;;@doc
;; Whether VALUE is a gexp.
(define (gexp? value)
  (%gexp? value))

;;@doc
;; A file or directory that FORM makes: a gexp, which has to make #$output, and each of OUTPUTS by its name.
(define (computed-file name form #:outputs [outputs '("out")])
  (unless (%gexp? form)
    (error "computed-file: expected a gexp, such as #~(write-file #$output TEXT), got" form))
  (%computed-from
   (derivation name
               #:builder "builtin:computed"
               #:outputs outputs
               #:env (list (cons 'form (%gexp-text form))))
   form))
