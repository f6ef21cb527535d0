;; random.
;; error:
;;| fruix::eval::unbound-name
;;|   × `rng->gen-usize` is not defined
;;|     ╭─[hostile/random.scm:13:2]
;;|  12 │
;;|  13 │ (rng->gen-usize 5)
;;|     ·  ───────┬──────
;;|     ·         ╰── not known here
;;|     ╰────
;;|   help: define it, or use the module that does with (use-modules …)

(rng->gen-usize 5)
