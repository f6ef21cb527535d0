/* How the machine stops. */
#include "kernel.h"

/* The power management port of QEMU's q35 machine as its firmware places it, and S5 in it. */
#define PM1_CONTROL 0x604
#define PM1_SLEEP_S5 0x2000

_Noreturn void
idle(void)
{
	for (;;)
		__asm__ volatile("cli; hlt");
}

_Noreturn void
power_off(void)
{
	__asm__ volatile("outw %0, %1" : : "a"((uint16_t)PM1_SLEEP_S5), "Nd"((uint16_t)PM1_CONTROL));
	idle();
}

_Noreturn void
panic(const char *why, const char *what)
{
	say("panic: ", why, what, NULL);
	idle();
}

/* The compiler calls these two by itself. */
void *
memcpy(void *to, const void *from, size_t size)
{
	char *t = to;
	const char *f = from;

	while (size-- > 0)
		*t++ = *f++;
	return (to);
}

void *
memset(void *to, int byte, size_t size)
{
	char *t = to;

	while (size-- > 0)
		*t++ = (char)byte;
	return (to);
}
