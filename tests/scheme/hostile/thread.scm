;; thread.
;; error:
;;|   × spawn-native-thread: not available, because a declaration must mean the same everywhere and always
;;|     ╭─[hostile/thread.scm:11:1]
;;|  10 │
;;|  11 │ (spawn-native-thread (lambda () 1))
;;|     · ─────────────────┬─────────────────
;;|     ·                  ╰── here
;;|     ╰────

(spawn-native-thread (lambda () 1))
