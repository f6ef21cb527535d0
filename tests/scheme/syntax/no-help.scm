;; A name near to one that is for the prompt of another program.
;; error:
;;| fruix::eval::unbound-name
;;|   × `helper` is not defined
;;|     ╭─[syntax/no-help.scm:13:2]
;;|  12 │
;;|  13 │ (helper 5)
;;|     ·  ───┬──
;;|     ·     ╰── not known here
;;|     ╰────
;;|   help: did you mean `help`?

(helper 5)
