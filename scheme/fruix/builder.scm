;; What the form of a computed file may use, besides Scheme, lists and strings: files.
;;
;; Paths are #$output and below, the inputs of the build, and relative ones, which start from a directory that is empty
;; at first and gone in the end. The directories that a new file needs are made with it. Nothing of this works while a
;; declaration is evaluated.
(require-builtin fruix/host)

(provide make-directory
         write-file
         append-to-file
         read-file
         copy-recursively
         symlink
         chmod-executable
         delete-file
         list-directory
         file-exists?
         directory?
         log-line
         %output)

;;@doc
;; Makes a directory, and those it lies in. One that is there already is fine.
(define (make-directory path)
  (%make-directory path))

;;@doc
;; Writes a file with TEXTS, one after the other, in the place of what was there.
(define (write-file path . texts)
  (%write-file path (apply string-append texts)))

;;@doc
;; Puts TEXTS at the end of a file.
(define (append-to-file path . texts)
  (%append-to-file path (apply string-append texts)))

;;@doc
;; The text of a file.
(define (read-file path)
  (%read-file path))

;;@doc
;; Copies a file, or a directory with all that is in it. Symlinks are copied as such; what may be executed may be so in
;; the copy, too.
(define (copy-recursively from to)
  (%copy-recursively to from))

;;@doc
;; Makes a symlink at PATH that says TARGET.
(define (symlink target path)
  (%symlink path target))

;;@doc
;; Makes a file one that may be executed.
(define (chmod-executable path)
  (%chmod-executable path))

;;@doc
;; Removes a file or a symlink.
(define (delete-file path)
  (%delete-file path))

;;@doc
;; The names in a directory, in alphabetical order.
(define (list-directory path)
  (%list-directory path))

;;@doc
;; Whether there is something at PATH, of whatever kind.
(define (file-exists? path)
  (%file-exists? path))

;;@doc
;; Whether PATH is a directory, or a symlink to one.
(define (directory? path)
  (%directory? path))

;;@doc
;; Writes a line into the log of the build.
(define (log-line text)
  (%log-line text))

;;@doc
;; Internal: the path of an output; what the reader makes of #$output.
(define %output %output-path)
