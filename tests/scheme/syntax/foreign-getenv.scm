;; What a declaration cannot see.
;; error:
;;|   × `getenv` is not defined
;;|     ╭─[syntax/foreign-getenv.scm:12:2]
;;|  11 │
;;|  12 │ (getenv "HOME")
;;|     ·  ───┬──
;;|     ·     ╰── not known here
;;|     ╰────
;;|   help: a declaration sees nothing of the machine but what it names, as with `local-file`

(getenv "HOME")
