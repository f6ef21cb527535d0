/*
 * The miniature kernel. It runs no process: it prints what the loader gave it, checks that init, its script and
 * its shell are there and of the right kind, and says that the system is ready.
 */
#include "kernel.h"
#include "opt_global.h"
#include "vers.h"

#ifndef TINY_IDENT
#error "opt_global.h names no TINY_IDENT"
#endif

#define MAX_HOST_NAME 64

_Noreturn void kernel_main(const struct bootinfo *);

static char stack[16384] __attribute__((aligned(16), used));

/* The firmware's stack may lie in memory that is no longer ours: take our own, then go on in C. */
__attribute__((naked, section(".text.start"))) void
kernel_start(void)
{
	__asm__ volatile("cli\n\t"
	    "leaq stack+16384(%rip), %rsp\n\t"
	    "xorl %ebp, %ebp\n\t"
	    "call kernel_main\n\t"
	    "1: hlt\n\t"
	    "jmp 1b");
}

static void
print_variables(const char *p)
{
	while (*p != '\0') {
		say("tiny: env ", p, NULL);
		while (*p++ != '\0')
			;
	}
}

/* What starts like this runs: an ELF program, or a script with an interpreter. */
static bool
starts_with(const struct preload *file, const char *magic)
{
	const char *data = file->data;
	uint64_t i;

	for (i = 0; magic[i] != '\0'; i++)
		if (i >= file->size || data[i] != magic[i])
			return (false);
	return (true);
}

static void
check(const char *variable, const struct preload *file, const char *magic)
{
	if (file->path == NULL)
		panic("the loader was told of no ", variable);
	if (file->data == NULL)
		panic("no init: cannot read ", file->path);
	if (!starts_with(file, magic))
		panic("no init: not a program: ", file->path);
	print("tiny: ");
	print(variable);
	print(" ");
	print(file->path);
	print(" (");
	print_number(file->size);
	say(" bytes)", NULL);
}

static const char *
base_name(const char *path)
{
	const char *base = path;

	for (; *path != '\0'; path++)
		if (*path == '/')
			base = path + 1;
	return (base);
}

/* This kernel has no init that could do it: it says the closing line of an activation itself. */
static void
be_ready(const struct bootinfo *info)
{
	static char host[MAX_HOST_NAME];
	const char *system = environment_get("fruix.system");

	if (system == NULL)
		panic("the loader was told of no ", "fruix.system");
	if (info->rc_conf.data == NULL)
		panic("cannot read ", info->rc_conf.path);
	if (!assignment_get(info->rc_conf.data, info->rc_conf.size, "hostname", host, sizeof(host)))
		panic("no host name in ", info->rc_conf.path);
	say("tiny: host name ", host, NULL);
#ifdef TINY_HANG
	say("tiny: hanging before the system is ready", NULL);
	idle();
#endif
	say("fruix: ready: ", host, " ", base_name(system), NULL);
}

_Noreturn void
kernel_main(const struct bootinfo *info)
{
	const char *off;

	console_init();
	say("\nTiny ", TINY_RELEASE, " ", TINY_IDENT, " amd64: a fixture, not FreeBSD", NULL);
	if (info->magic != BOOTINFO_MAGIC)
		panic("not started by its loader", "");
	environment_init(info->environment);
	say("tiny: kernel ", info->kernel, NULL);
	print_variables(info->environment);
#ifdef TINY_PANIC
	panic("KERNCONF asks for it: ", TINY_IDENT);
#endif
	check("init_path", &info->init, "\177ELF");
	check("init_script", &info->init_script, "#!");
	check("init_shell", &info->init_shell, "\177ELF");
	be_ready(info);
	off = environment_get("tiny.poweroff");
	if (off != NULL && equal(off, "YES"))
		power_off();
	idle();
}
