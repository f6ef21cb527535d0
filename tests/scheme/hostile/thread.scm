;; thread.
;; error:
;;| fruix::eval::failed
;;|   × spawn-native-thread: not available, because a declaration must mean the same everywhere and always
;;|     ╭─[hostile/thread.scm:12:1]
;;|  11 │
;;|  12 │ (spawn-native-thread (lambda () 1))
;;|     · ─────────────────┬─────────────────
;;|     ·                  ╰── here
;;|     ╰────

(spawn-native-thread (lambda () 1))
