;; require-text.
;; error:
;;|   × there is no module /etc/passwd
;;|     ╭─[hostile/require-text.scm:12:10]
;;|  11 │
;;|  12 │ (require "/etc/passwd")
;;|     ·          ──────┬──────
;;|     ·                ╰── not found in Fruix itself, hostile
;;|     ╰────
;;|   help: name a directory that has it with -L DIR

(require "/etc/passwd")
