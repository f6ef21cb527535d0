;; A name near to one that is not available.
;; error:
;;| fruix::eval::unbound-name
;;|   × `env-vra` is not defined
;;|     ╭─[syntax/denied-is-no-suggestion.scm:13:2]
;;|  12 │
;;|  13 │ (env-vra "HOME")
;;|     ·  ───┬───
;;|     ·     ╰── not known here
;;|     ╰────
;;|   help: define it, or use the module that does with (use-modules …)

(env-vra "HOME")
