/* What the kernel and the loader share: compiled into each of them. */
#ifndef TINY_LIBKERN_H
#define TINY_LIBKERN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* The compiler calls these two by itself. */
void *memcpy(void *to, const void *from, size_t size);
void *memset(void *to, int byte, size_t size);

bool equal(const char *a, const char *b);
/* In decimal, by the print() of whoever is linked with it. */
void print_number(uint64_t number);
void print(const char *text);

#endif
