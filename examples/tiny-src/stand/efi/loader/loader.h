/* What the parts of the loader share. */
#ifndef TINY_LOADER_H
#define TINY_LOADER_H

#include "../../../sys/sys/libkern.h"
#include "efi.h"

extern struct efi_system_table *efi_st;
extern struct efi_boot_services *efi_bs;
extern efi_handle efi_image;

/* console.c */
/* The key that was pressed last; 0 when none was. */
char key_pressed(void);
/* Prints "tiny loader: " and the parts; NULL ends the list. */
void say(const char *first, ...);
/* As say(), then FreeBSD's loader prompt, at which nobody answers: the machine waits for power-off. */
_Noreturn void stop(const char *first, ...);

/* memory.c: strings, and memory of the firmware's that is never given back. */
void *allocate(uint64_t size);
uint64_t length(const char *text);
/* A new string of the three one after the other. */
char *join(const char *a, const char *b, const char *c);

/* disk.c: the partition of type freebsd-ufs on the disk this loader was read from. */
void disk_open(void);
/* Reads SIZE bytes at byte OFFSET of the partition. */
void disk_read(uint64_t offset, void *buffer, uint64_t size);

/* Writes SIZE bytes, which lie in one block, to the partition. */
bool disk_write(uint64_t offset, const void *buffer, uint64_t size);

/* ufs.c */
struct file {
	void *data; /* with a NUL behind the last byte */
	uint64_t size;
};
void ufs_open(void);
/* Reads a whole file by absolute path, through symbolic links; false with a reason in *why. */
bool ufs_read(const char *path, struct file *file, const char **why);
bool ufs_is_file(const char *path);
/* Replaces the first bytes of a file, which does not grow. */
bool ufs_overwrite(const char *path, const char *text);
/* Calls TELL with each name in a directory, which may be none. */
void ufs_list(const char *path, void (*tell)(const char *name));

/* conf.c: the loader's variables, one "name=value" string after the other, ended by an empty one. */
void conf_read(const char *path, bool required);
const char *conf_get(const char *name);
void conf_set(char *name, char *value);
void conf_forget(void);
/* The variables as the kernel gets them; *size counts the last NUL too. */
char *conf_environment(uint64_t *size);

/* generations.c: reads the settings of the generation that is to be started. */
void generations_choose(void);

/* elf.c: puts the segments where they belong and returns the address to start at. */
uint64_t elf_load(const struct file *kernel, const char *path);

#endif
