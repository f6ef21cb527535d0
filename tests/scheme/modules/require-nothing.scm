;; Require nothing.
;; error:
;;| fruix::eval::malformed-form
;;|   × `require` expected at least one identifier or string
;;|     ╭─[modules/require-nothing.scm:14:1]
;;|  13 │
;;|  14 │ (require)
;;|     · ────┬────
;;|     ·     ╰── here
;;|  15 │ 1
;;|     ╰────
;;|   help: write (require "FILE.scm"), or (use-modules (MODULE NAME))

(require)
1
