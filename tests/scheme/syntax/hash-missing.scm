;; Hash missing.
;; error:
;;|   × the hash has no key x
;;|     ╭─[syntax/hash-missing.scm:11:1]
;;|  10 │
;;|  11 │ (hash-ref (hash 'a 1) 'x)
;;|     · ────────────┬────────────
;;|     ·             ╰── here
;;|     ╰────

(hash-ref (hash 'a 1) 'x)
