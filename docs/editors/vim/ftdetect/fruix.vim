" Declarations are Scheme; what uses Fruix's modules is more than that.
autocmd BufNewFile,BufRead *.scm call s:Detect()

function! s:Detect() abort
  for line in getline(1, 100)
    if line =~# '^\s*(\%(use-modules\|require\)\>.*fruix'
      setlocal filetype=fruix
      return
    endif
  endfor
endfunction
