;; Paths in what is inserted start from the directory of the file, as elsewhere.
;; error:
;;| fruix::eval::failed
;;|   × a local file is not available here
;;|     ╭─[gexps/local-file.scm:13:1]
;;|  12 │ (use-modules (fruix gexp) (fruix store))
;;|  13 │ (computed-file "keys" #~(copy-recursively #$(local-file "no-such-key.pub") #$output))
;;|     · ──────────────────────────────────────────┬──────────────────────────────────────────
;;|     ·                                           ╰── here
;;|     ╰────

(use-modules (fruix gexp) (fruix store))
(computed-file "keys" #~(copy-recursively #$(local-file "no-such-key.pub") #$output))
