;; What a declaration cannot see.
;; error:
;;| fruix::eval::unbound-name
;;|   × `getenv` is not defined
;;|     ╭─[syntax/foreign-getenv.scm:13:2]
;;|  12 │
;;|  13 │ (getenv "HOME")
;;|     ·  ───┬──
;;|     ·     ╰── not known here
;;|     ╰────
;;|   help: a declaration sees nothing of the machine but what it names, as with `local-file`

(getenv "HOME")
