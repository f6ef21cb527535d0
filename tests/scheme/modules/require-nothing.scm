;; Require nothing.
;; error:
;;|   × `require` expected at least one identifier or string
;;|     ╭─[modules/require-nothing.scm:13:1]
;;|  12 │
;;|  13 │ (require)
;;|     · ────┬────
;;|     ·     ╰── here
;;|  14 │ 1
;;|     ╰────
;;|   help: write (require "FILE.scm"), or (use-modules (MODULE NAME))

(require)
1
