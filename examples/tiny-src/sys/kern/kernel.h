/* What the parts of the kernel share. */
#ifndef TINY_KERNEL_H
#define TINY_KERNEL_H

#include "../sys/bootinfo.h"
#include "../sys/libkern.h"

/* console.c: the first serial port. */
void console_init(void);
/* Prints the parts and ends the line; NULL ends the list. */
void say(const char *first, ...);

/* machine.c */
static inline void
out8(uint16_t port, uint8_t value)
{
	__asm__ volatile("outb %0, %1" : : "a"(value), "Nd"(port));
}

static inline uint8_t
in8(uint16_t port)
{
	uint8_t value;

	__asm__ volatile("inb %1, %0" : "=a"(value) : "Nd"(port));
	return (value);
}
_Noreturn void idle(void);
_Noreturn void power_off(void);
_Noreturn void panic(const char *why, const char *what);

/* environment.c: the loader's variables, and the assignments of an rc.conf. */
void environment_init(const char *variables);
const char *environment_get(const char *name);
/* Copies the value of NAME in a text of shell assignments; false when it is not there or does not fit. */
bool assignment_get(const char *text, uint64_t size, const char *name, char *value, uint64_t room);

#endif
