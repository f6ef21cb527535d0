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

/* The reset control register of the chipset, and a reset of everything in it. */
#define RESET_CONTROL 0xcf9
#define RESET_ALL 0x06

/* As FreeBSD's kernel, restarts the machine after a panic; here only when it is told how long to wait before. */
_Noreturn void
panic(const char *why, const char *what)
{
	say("panic: ", why, what, NULL);
	if (environment_get("kern.panic_reboot_wait_time") != NULL)
		__asm__ volatile("outb %0, %1" : : "a"((uint8_t)RESET_ALL), "Nd"((uint16_t)RESET_CONTROL));
	idle();
}
