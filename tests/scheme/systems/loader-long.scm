;; A value that the loader would ignore.
;; search: systems/lib
;; error:
;;| fruix::eval::invalid-field
;;|   × the field `loader` of `operating-system` is invalid
;;|     ╭─[systems/loader-long.scm:19:11]
;;|  18 │  (file-systems (list root))
;;|  19 │  (loader (list (cons "comment" (make-string 250 #\x)))))
;;|     ·           ────────────────────┬────────────────────
;;|     ·                               ╰── the value of `comment` is longer than the 249 bytes that the loader reads
;;|     ╰────

(use-modules (fruix system) (tower))

(operating-system
 (host-name "tower")
 (base base)
 (file-systems (list root))
 (loader (list (cons "comment" (make-string 250 #\x)))))
