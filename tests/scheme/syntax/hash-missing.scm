;; Hash missing.
;; error:
;;| fruix::eval::failed
;;|   × the hash has no key x
;;|     ╭─[syntax/hash-missing.scm:12:1]
;;|  11 │
;;|  12 │ (hash-ref (hash 'a 1) 'x)
;;|     · ────────────┬────────────
;;|     ·             ╰── here
;;|     ╰────

(hash-ref (hash 'a 1) 'x)
