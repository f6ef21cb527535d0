/* The first serial port, polled. */
#include <stdarg.h>

#include "kernel.h"

#define COM1 0x3f8
enum { DATA = 0, INTERRUPTS = 1, FIFO = 2, LINE = 3, MODEM = 4, STATUS = 5 };
#define LINE_8N1 0x03
#define LINE_DIVISOR 0x80
#define STATUS_EMPTY 0x20

void
console_init(void)
{
	out8(COM1 + INTERRUPTS, 0);
	out8(COM1 + LINE, LINE_DIVISOR);
	out8(COM1 + DATA, 1); /* 115200 baud */
	out8(COM1 + INTERRUPTS, 0);
	out8(COM1 + LINE, LINE_8N1);
	out8(COM1 + FIFO, 0x07);
	out8(COM1 + MODEM, 0x03);
}

static void
put(char c)
{
	while ((in8(COM1 + STATUS) & STATUS_EMPTY) == 0)
		;
	out8(COM1 + DATA, (uint8_t)c);
}

void
print(const char *text)
{
	for (; *text != '\0'; text++) {
		if (*text == '\n')
			put('\r');
		put(*text);
	}
}

void
say(const char *first, ...)
{
	va_list rest;

	va_start(rest, first);
	for (const char *part = first; part != NULL; part = va_arg(rest, const char *))
		print(part);
	va_end(rest);
	print("\n");
}
