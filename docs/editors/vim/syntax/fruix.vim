" Syntax of declarations: Scheme, and what Fruix adds to it.
if exists('b:current_syntax')
  finish
endif
runtime! syntax/scheme.vim
unlet! b:current_syntax

syntax keyword fruixForm use-modules define-record-type* define-lowering with-handler require provide inherit
syntax keyword fruixRecord operating-system freebsd-base freebsd-world freebsd-kernel freebsd-source release-set installed-freebsd
syntax keyword fruixRecord file-system user-account user-group service service-type service-extension
syntax keyword fruixRecord etc-file directory activation-step ready-check
syntax keyword fruixProcedure local-file local-tree plain-file mixed-text-file file-append text-append derivation
syntax match fruixKeyword /#:[^][[:space:]();"]\+/
syntax cluster schemeExpressions add=fruixForm,fruixRecord,fruixProcedure,fruixKeyword

highlight default link fruixForm Statement
highlight default link fruixRecord Type
highlight default link fruixProcedure Function
highlight default link fruixKeyword Special

let b:current_syntax = 'fruix'
