;; require-text.
;; error:
;;| fruix::eval::unknown-module
;;|   × there is no module /etc/passwd
;;|     ╭─[hostile/require-text.scm:13:10]
;;|  12 │
;;|  13 │ (require "/etc/passwd")
;;|     ·          ──────┬──────
;;|     ·                ╰── not found in Fruix itself, hostile
;;|     ╰────
;;|   help: name a directory that has it with -L DIR

(require "/etc/passwd")
