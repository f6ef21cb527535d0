;; An empty file.
;; value: void
