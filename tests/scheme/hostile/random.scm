;; random.
;; error:
;;|   × `rng->gen-usize` is not defined
;;|     ╭─[hostile/random.scm:12:2]
;;|  11 │
;;|  12 │ (rng->gen-usize 5)
;;|     ·  ───────┬──────
;;|     ·         ╰── not known here
;;|     ╰────
;;|   help: define it, or use the module that does with (use-modules …)

(rng->gen-usize 5)
