/* The interface of libtiny. */
#ifndef TINY_H
#define TINY_H

/* Writes text to standard output. */
void tiny_print(const char *text);
/* Ends the process. */
_Noreturn void tiny_exit(int status);

#endif
