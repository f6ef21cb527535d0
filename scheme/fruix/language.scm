;; The language: forms that every file may use, without a module.
;;
;; A declaration is written in Scheme, in the dialect of Steel. It is pure: it starts no program, sees no clock and no
;; environment, and reads of the machine what it names with `local-file` and its like.

;;@syntax (use-modules (fruix system) ((mine web) #:prefix web:) …)
;; Makes what modules provide available. `(mine web)` is `mine/web.scm`: one of Fruix's own, else below the directory of
;; the file, else below one that `-L` names. `#:prefix` puts a name before each name, `#:select (NAME …)` takes only some.

;;@syntax (require "file.scm" …)
;; Makes what files provide available; a relative path starts from the directory of the file that says so.

;;@syntax (provide name … (record type …))
;; What other files may use of this one. `(record user-account)` stands for all that a record type defines.

;;@syntax (define-record-type* name "documentation" (field type option …) …)
;; Defines a record type, see (fruix records), which need not be imported for it.

;;@syntax this-record
;; The record that a field belongs to, in the default of the field and in the value of a thunked one. `this-TYPE` is the
;; same: where records stand within records, it tells which is meant.
