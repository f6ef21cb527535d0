/* What the loader hands to the kernel. Addresses are physical; both sides run with memory mapped one to one. */
#ifndef TINY_BOOTINFO_H
#define TINY_BOOTINFO_H

#include <stdint.h>

#define BOOTINFO_MAGIC 0x79666e49796e6974ull /* "tinyInfy" */

struct preload {
	const char *path; /* NULL: the variables name no such file */
	const void *data; /* NULL: it could not be read */
	uint64_t size;
	const char *why; /* why it could not be read */
};

struct bootinfo {
	uint64_t magic;
	const char *environment; /* name=value, each ended by NUL; an empty one ends the list */
	uint64_t environment_size;
	const char *kernel; /* path of the file that was loaded */
	struct preload init;
	struct preload init_script;
	struct preload init_shell;
	struct preload rc_conf;
};

#endif
