;;; fruix-mode.el --- Editing declarations of Fruix -*- lexical-binding: t; -*-

;; Package-Requires: ((emacs "26.1"))
;; Keywords: languages, lisp

;;; Commentary:

;; Scheme mode with the forms of Fruix, formatting by `fruix fmt', and Flymake and Flycheck checkers that
;; show what `fruix check' says.
;;
;;   (add-to-list 'load-path "…/docs/editors/emacs")
;;   (require 'fruix-mode)
;;   (add-hook 'fruix-mode-hook #'flymake-mode)

;;; Code:

(require 'scheme)
(require 'flymake)
(require 'json)

(defgroup fruix nil
  "Declarations of FreeBSD systems."
  :group 'languages)

(defcustom fruix-program "fruix"
  "The fruix program."
  :type 'string)

(defcustom fruix-format-on-save nil
  "Whether saving formats the buffer."
  :type 'boolean)

(defconst fruix-font-lock-keywords
  `((,(concat "(" (regexp-opt '("use-modules" "define-record-type*" "define-lowering" "with-handler"
                                "require" "provide" "inherit")
                              t)
              "\\_>")
     1 font-lock-keyword-face)
    (,(concat "(" (regexp-opt '("operating-system" "freebsd-base" "freebsd-world" "freebsd-kernel"
                                "freebsd-source" "release-set" "installed-freebsd" "file-system" "user-account" "user-group"
                                "service" "service-type" "service-extension" "etc-file" "directory"
                                "activation-step" "ready-check")
                              t)
              "\\_>")
     1 font-lock-type-face)
    ("#:\\(?:\\sw\\|\\s_\\)+" . font-lock-builtin-face))
  "What Fruix adds to Scheme.")

(dolist (form '((define-record-type* . 1) (with-handler . 1) (cond . 0) (case . 1) (syntax-rules . 1)
                (match . 1) (parameterize . 1) (when . 1) (unless . 1)))
  (put (car form) 'fruix-indent-function (cdr form)))

(defun fruix-indent-function (point state)
  "Indent as `fruix fmt' does, for the line at POINT; STATE is as for `lisp-indent-function'."
  (let ((scheme-indent-function #'scheme-indent-function)
        (form (save-excursion
                (goto-char (1+ (elt state 1)))
                (and (looking-at "\\(?:\\sw\\|\\s_\\)+") (intern-soft (match-string 0))))))
    (let ((body (and form (get form 'fruix-indent-function))))
      (if body
          (lisp-indent-specform body state point (save-excursion (goto-char (elt state 1)) (current-column)))
        (scheme-indent-function point state)))))

;;;###autoload
(define-derived-mode fruix-mode scheme-mode "Fruix"
  "Editing declarations of Fruix."
  (font-lock-add-keywords nil fruix-font-lock-keywords)
  (setq-local fill-column 110)
  (setq-local indent-tabs-mode nil)
  (setq-local lisp-indent-function #'fruix-indent-function)
  (setq-local compile-command
              (and buffer-file-name
                   (format "%s check --message-format short %s" fruix-program
                           (shell-quote-argument (file-name-nondirectory buffer-file-name)))))
  (add-hook 'flymake-diagnostic-functions #'fruix-flymake nil t)
  (add-hook 'before-save-hook #'fruix--format-before-save nil t))

(define-key fruix-mode-map (kbd "C-c C-f") #'fruix-format-buffer)

;; Formatting

(defun fruix-format-buffer ()
  "Format the buffer.  A text that cannot be read stays as it is."
  (interactive)
  (let ((text (current-buffer)) (formatted (generate-new-buffer " *fruix fmt*")))
    (unwind-protect
        (if (zerop (call-process-region nil nil fruix-program nil (list formatted nil) nil "fmt" "-"))
            (replace-buffer-contents formatted)
          (with-current-buffer text
            (message "fruix fmt: the text cannot be read; fruix check says why")))
      (kill-buffer formatted))))

(defun fruix--format-before-save ()
  "Format the buffer if that is wished for."
  (when fruix-format-on-save (fruix-format-buffer)))

;; Checking

(defun fruix--point (buffer position)
  "Where in BUFFER a POSITION of a span is."
  (with-current-buffer buffer
    (save-restriction
      (widen)
      (save-excursion
        (goto-char (point-min))
        (forward-line (1- (alist-get 'line position)))
        (min (point-max) (+ (point) (1- (alist-get 'column position))))))))

(defun fruix--text (record)
  "What to show of RECORD, a diagnostic."
  (let* ((spans (alist-get 'spans record)) (label (and spans (alist-get 'label (car spans)))))
    (mapconcat #'identity (delq nil (list (alist-get 'message record) label (alist-get 'help record))) "\n")))

(defun fruix--records ()
  "The diagnostics in the current buffer, the output of `fruix check'."
  (goto-char (point-min))
  (let ((json-object-type 'alist) (json-array-type 'list) (json-null nil) (records '()))
    (while (not (eobp))
      (let ((line (buffer-substring (line-beginning-position) (line-end-position))))
        (when (string-prefix-p "{" line) (push (json-read-from-string line) records)))
      (forward-line))
    (nreverse records)))

(defun fruix--diagnostics (source file)
  "Flymake's diagnostics for SOURCE, the buffer of FILE, from the output in the current buffer."
  (delq nil
        (mapcar
         (lambda (record)
           (let* ((spans (alist-get 'spans record))
                  (span (seq-find (lambda (span) (file-equal-p (alist-get 'file span) file)) spans))
                  (type (if (equal (alist-get 'severity record) "error") :error :warning)))
             (cond
              (span
               (let ((start (fruix--point source (alist-get 'start span)))
                     (end (fruix--point source (alist-get 'end span))))
                 (flymake-make-diagnostic source start (max end (1+ start)) type (fruix--text record))))
              ;; In a module that the file uses, or in no file at all.
              (t (flymake-make-diagnostic source 1 2 type (fruix--text record))))))
         (fruix--records))))

(defvar-local fruix--process nil
  "The check that runs.")

(defun fruix-flymake (report &rest _)
  "Check the file of the buffer and REPORT to Flymake.  Modules are found beside the file, so it has to be saved."
  (unless (executable-find fruix-program) (error "There is no program `%s'" fruix-program))
  (when (process-live-p fruix--process) (kill-process fruix--process))
  (let ((source (current-buffer)) (file buffer-file-name))
    (if (or (not file) (buffer-modified-p))
        (funcall report nil)
      (setq fruix--process
            (make-process
             :name "fruix-check" :noquery t :connection-type 'pipe
             :buffer (generate-new-buffer " *fruix check*")
             :command (list fruix-program "check" "--message-format" "json" file)
             :sentinel
             (lambda (process _event)
               (when (memq (process-status process) '(exit signal))
                 (unwind-protect
                     (when (and (buffer-live-p source)
                                (eq process (buffer-local-value 'fruix--process source)))
                       (let ((found (with-current-buffer (process-buffer process)
                                      (fruix--diagnostics source file))))
                         (with-current-buffer source (funcall report found))))
                   (kill-buffer (process-buffer process))))))))))

(declare-function flycheck-define-command-checker "flycheck")

(with-eval-after-load 'flycheck
  (eval
   '(flycheck-define-checker fruix
      "Checks declarations with fruix."
      :command ("fruix" "check" "--message-format" "short" source-original)
      :error-patterns ((error line-start (file-name) ":" line ":" column ": error: " (message) line-end)
                       (warning line-start (file-name) ":" line ":" column ": warning: " (message) line-end))
      :modes fruix-mode))
  (eval '(add-to-list 'flycheck-checkers 'fruix)))

;;;###autoload
(add-to-list 'magic-mode-alist '("\\(?:[ \t]*\\(?:;.*\\)?\n\\)*(use-modules[^)]*(fruix " . fruix-mode))

(provide 'fruix-mode)
;;; fruix-mode.el ends here
