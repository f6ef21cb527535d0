;; A record that cannot be built is no part of a text.
;; error:
;;| fruix::eval::failed
;;|   × expected strings, numbers and store objects, got a `note` record
;;|     ╭─[derivations/text-of-record.scm:16:1]
;;|  15 │
;;|  16 │ (text-append "see " (note (text "x")))
;;|     · ───────────────────┬──────────────────
;;|     ·                    ╰── here
;;|     ╰────

(use-modules (fruix records) (fruix store))

(define-record-type* note (text string))

(text-append "see " (note (text "x")))
