" :make checks the declaration in the buffer.
if exists('current_compiler')
  finish
endif
let current_compiler = 'fruix'

CompilerSet makeprg=fruix\ check\ --message-format\ short\ %:S
CompilerSet errorformat=%f:%l:%v:\ %trror:\ %m,%f:%l:%v:\ %tarning:\ %m
