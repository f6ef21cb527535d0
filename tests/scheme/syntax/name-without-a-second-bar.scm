;; A name between bars that has no end, where the file ends without a line end.
;; error:
;;| fruix::eval::unreadable-text
;;|   × a name that begins with `|` has no end
;;|     ╭─[syntax/name-without-a-second-bar.scm:12:7]
;;|  11 │ ;;|   help: end it with `|`; a `|` within it is written `\|`
;;|  12 │ (list |a\|
;;|     ·       ──┬─
;;|     ·         ╰── no `|` ends this name
;;|     ╰────
;;|   help: end it with `|`; a `|` within it is written `\|`
(list |a\|