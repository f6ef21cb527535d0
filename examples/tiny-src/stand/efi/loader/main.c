/*
 * The miniature loader: finds the UFS2 partition, reads loader.conf as FreeBSD's loader does, loads the kernel
 * `kernel` names and the files it will ask for, and starts it.
 */
#include "../../../sys/sys/bootinfo.h"
#include "loader.h"

struct efi_system_table *efi_st;
struct efi_boot_services *efi_bs;
efi_handle efi_image;

/* The kernel is compiled for the System V convention, this program for Microsoft's. */
typedef void kernel_entry(struct bootinfo *) __attribute__((sysv_abi));

/* The file a variable names, or one below the directory it names. */
static void
preload(struct preload *slot, const char *variable, const char *below)
{
	const char *value = conf_get(variable);
	struct file file;

	if (value == NULL || *value == '\0')
		return;
	slot->path = join(value, below, "");
	if (ufs_read(slot->path, &file, &slot->why)) {
		slot->data = file.data;
		slot->size = file.size;
		say("loaded ", slot->path, NULL);
	} else {
		say("cannot load ", slot->path, ": ", slot->why, NULL);
	}
}

static void
load_kernel(struct bootinfo *info, kernel_entry **entry)
{
	const char *name = conf_get("kernel");
	const char *why;
	struct file file;

	if (name == NULL)
		stop("no variable `kernel`", NULL);
	/* As FreeBSD's loader: an absolute path, or a directory below /boot. */
	info->kernel = *name == '/' ? join(name, "/kernel", "") : join("/boot/", name, "/kernel");
	if (!ufs_read(info->kernel, &file, &why))
		stop("cannot load ", info->kernel, ": ", why, NULL);
	*entry = (kernel_entry *)elf_load(&file, info->kernel);
	say("loaded kernel ", info->kernel, NULL);
}

/* Nothing may allocate between the last look at the memory map and the end of the boot services. */
static void
leave_firmware(void)
{
	uint64_t size = 0, room, key, descriptor_size;
	uint32_t version;
	void *map;

	efi_bs->get_memory_map(&size, NULL, &key, &descriptor_size, &version);
	room = size + 8 * descriptor_size;
	map = allocate(room);
	for (int attempt = 0; attempt < 4; attempt++) {
		size = room;
		if (efi_bs->get_memory_map(&size, map, &key, &descriptor_size, &version) == EFI_SUCCESS &&
		    efi_bs->exit_boot_services(efi_image, key) == EFI_SUCCESS)
			return;
	}
	stop("the firmware does not let go", NULL);
}

efi_status
efi_main(efi_handle image, struct efi_system_table *system_table)
{
	static struct bootinfo info;
	kernel_entry *start;

	efi_image = image;
	efi_st = system_table;
	efi_bs = system_table->boot_services;
	efi_bs->set_watchdog_timer(0, 0, 0, NULL);
	print("\n");
	say("a fixture, not FreeBSD's loader", NULL);
	disk_open();
	ufs_open();
	generations_choose();
	load_kernel(&info, &start);
	preload(&info.init, "init_path", "");
	preload(&info.init_script, "init_script", "");
	preload(&info.init_shell, "init_shell", "");
	preload(&info.rc_conf, "fruix.system", "/etc/rc.conf");
	info.magic = BOOTINFO_MAGIC;
	info.environment = conf_environment(&info.environment_size);
	say("starting the kernel", NULL);
	leave_firmware();
	start(&info);
	return (EFI_LOAD_ERROR);
}
