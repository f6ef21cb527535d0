;; A line that names an interpreter, and is not the first.
;; error:
;;| fruix::eval::unreadable-text
;;|   × `#!` starts no name
;;|     ╭─[syntax/interpreter-line.scm:14:1]
;;|  13 │ (define x 1)
;;|  14 │ #!/usr/bin/env fruix
;;|     · ───────┬──────
;;|     ·        ╰── only the first line of a file may begin like this, to name an interpreter
;;|  15 │ x
;;|     ╰────
;;|   help: write a comment with `;`
(define x 1)
#!/usr/bin/env fruix
x
