;; A name near to one that is not available.
;; error:
;;|   × `env-vra` is not defined
;;|     ╭─[syntax/denied-is-no-suggestion.scm:12:2]
;;|  11 │
;;|  12 │ (env-vra "HOME")
;;|     ·  ───┬───
;;|     ·     ╰── not known here
;;|     ╰────
;;|   help: define it, or use the module that does with (use-modules …)

(env-vra "HOME")
