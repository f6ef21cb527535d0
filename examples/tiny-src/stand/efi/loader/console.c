/* Text to the firmware's console, which OVMF also sends to the serial port, and keys from there. */
#include <stdarg.h>

#include "loader.h"

void
print(const char *text)
{
	uint16_t wide[2] = { 0, 0 };
	uint16_t carriage_return[2] = { '\r', 0 };

	for (; *text != '\0'; text++) {
		if (*text == '\n')
			efi_st->console_out->output_string(efi_st->console_out, carriage_return);
		wide[0] = (uint8_t)*text;
		efi_st->console_out->output_string(efi_st->console_out, wide);
	}
}

static void
say_list(const char *first, va_list rest)
{
	print("tiny loader: ");
	for (const char *part = first; part != NULL; part = va_arg(rest, const char *))
		print(part);
	print("\n");
}

void
say(const char *first, ...)
{
	va_list rest;

	va_start(rest, first);
	say_list(first, rest);
	va_end(rest);
}

_Noreturn void
stop(const char *first, ...)
{
	va_list rest;

	va_start(rest, first);
	say_list(first, rest);
	va_end(rest);
	print("OK ");
	for (;;)
		efi_bs->stall(1000000);
}

char
key_pressed(void)
{
	struct efi_key key;

	if (efi_st->console_in->read_key(efi_st->console_in, &key) != EFI_SUCCESS || key.character > 127)
		return (0);
	return ((char)key.character);
}
