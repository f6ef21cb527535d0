;; Paths in what is inserted start from the directory of the file, as elsewhere.
;; error:
;;|   × a local file is not available here
;;|     ╭─[gexps/local-file.scm:12:1]
;;|  11 │ (use-modules (fruix gexp) (fruix store))
;;|  12 │ (computed-file "keys" #~(copy-recursively #$(local-file "no-such-key.pub") #$output))
;;|     · ──────────────────────────────────────────┬──────────────────────────────────────────
;;|     ·                                           ╰── here
;;|     ╰────

(use-modules (fruix gexp) (fruix store))
(computed-file "keys" #~(copy-recursively #$(local-file "no-such-key.pub") #$output))
