" Settings for declarations of Fruix: Scheme, formatted and checked by fruix.
"
"   gq, gqip, =, gg=G   need whole expressions; :FruixFormat formats the file
"   :make               checks the file; :cnext, :cwindow show what is wrong
if exists('b:did_ftplugin')
  finish
endif
runtime! ftplugin/scheme.vim
let b:did_ftplugin = 1

setlocal textwidth=110
setlocal lisp
setlocal expandtab
setlocal lispwords+=define-record-type*,with-handler,when,unless,cond,case,parameterize,syntax-rules
setlocal formatprg=fruix\ fmt\ -
setlocal iskeyword+=-,*,!,?,/,<,>,=,%,#,:

command! -buffer FruixFormat call s:Format()

" Formats the buffer and keeps the cursor; a text that cannot be read stays as it is.
function! s:Format() abort
  let text = systemlist('fruix fmt -', getline(1, '$'))
  if v:shell_error
    echohl ErrorMsg | echomsg get(text, 0, 'fruix fmt failed') | echohl None
    return
  endif
  let view = winsaveview()
  if text !=# getline(1, '$')
    silent %delete _
    call setline(1, text)
  endif
  call winrestview(view)
endfunction

compiler fruix

let b:undo_ftplugin = get(b:, 'undo_ftplugin', '') .
      \ '| setlocal textwidth< lisp< expandtab< lispwords< formatprg< iskeyword< | delcommand FruixFormat'
