/*
 * The disk: the firmware's block device that the loader itself came from, its GUID partition table, and in it
 * the first partition of type freebsd-ufs.
 */
#include "loader.h"

void *memcpy(void *, const void *, size_t);

struct gpt_header {
	uint8_t signature[8];
	uint32_t revision, header_size, header_crc, reserved;
	uint64_t this_lba, backup_lba, first_usable, last_usable;
	uint8_t disk_guid[16];
	uint64_t entries_lba;
	uint32_t entry_count, entry_size, entries_crc;
};

struct gpt_entry {
	uint8_t type[16], unique[16];
	uint64_t first_lba, last_lba, attributes;
	uint16_t name[36];
};

/* 516e7cb6-6ecf-11d6-8ff8-00022d09712b, as it lies on the disk */
static const uint8_t freebsd_ufs[16] = { 0xb6, 0x7c, 0x6e, 0x51, 0xcf, 0x6e, 0xd6, 0x11, 0x8f, 0xf8, 0x00, 0x02,
	0x2d, 0x09, 0x71, 0x2b };

static struct efi_block_io *disk;
static uint64_t partition_start, partition_end; /* bytes; the end is the first byte behind */

static bool
same_bytes(const void *a, const void *b, uint64_t size)
{
	const uint8_t *x = a, *y = b;

	for (uint64_t i = 0; i < size; i++)
		if (x[i] != y[i])
			return (false);
	return (true);
}

/* Bytes of a device path before its end node. */
static uint64_t
path_size(const struct efi_device_path *path)
{
	uint64_t size = 0;

	while (path->type != EFI_DEVICE_PATH_END) {
		uint64_t node = path->length[0] | (uint64_t)path->length[1] << 8;

		size += node;
		path = (const struct efi_device_path *)((const uint8_t *)path + node);
	}
	return (size);
}

static void *
protocol(efi_handle handle, struct efi_guid guid)
{
	void *interface;

	if (efi_bs->handle_protocol(handle, &guid, &interface) != EFI_SUCCESS)
		return (NULL);
	return (interface);
}

/* A partition's device path is its disk's plus one node: the disk is the one whose path ours starts with. */
static struct efi_block_io *
find_disk(void)
{
	const struct efi_guid block_io = EFI_BLOCK_IO_GUID;
	const struct efi_guid device_path = EFI_DEVICE_PATH_GUID;
	const struct efi_guid loaded_image = EFI_LOADED_IMAGE_GUID;
	struct efi_loaded_image *self = protocol(efi_image, loaded_image);
	struct efi_device_path *own = self == NULL ? NULL : protocol(self->device, device_path);
	uint64_t size = 0;
	efi_handle *handles;

	if (own == NULL)
		stop("the firmware does not say where this loader came from", NULL);
	efi_bs->locate_handle(EFI_BY_PROTOCOL, &block_io, NULL, &size, NULL);
	handles = allocate(size + 1);
	if (efi_bs->locate_handle(EFI_BY_PROTOCOL, &block_io, NULL, &size, handles) != EFI_SUCCESS)
		stop("the firmware shows no block device", NULL);
	for (uint64_t i = 0; i < size / sizeof(efi_handle); i++) {
		struct efi_block_io *candidate = protocol(handles[i], block_io);
		struct efi_device_path *path = protocol(handles[i], device_path);

		if (candidate == NULL || path == NULL || candidate->media->logical_partition)
			continue;
		if (path_size(path) < path_size(own) && same_bytes(path, own, path_size(path)))
			return (candidate);
	}
	stop("the disk of this loader is no block device of the firmware's", NULL);
}

/* Reads bytes of the whole disk; the firmware reads whole blocks only. */
static void
read_bytes(uint64_t offset, void *buffer, uint64_t size)
{
	static uint8_t *bounce;
	const uint64_t bounce_size = 64 * 1024;
	uint64_t block = disk->media->block_size;
	uint8_t *to = buffer;

	if (bounce == NULL)
		bounce = allocate(bounce_size);
	while (size > 0) {
		uint64_t skip = offset % block;
		uint64_t part = size < bounce_size - skip ? size : bounce_size - skip;
		uint64_t whole = (skip + part + block - 1) / block * block;

		if (disk->read_blocks(disk, disk->media->media_id, offset / block, whole, bounce) != EFI_SUCCESS)
			stop("the disk cannot be read", NULL);
		memcpy(to, bounce + skip, part);
		to += part;
		offset += part;
		size -= part;
	}
}

void
disk_open(void)
{
	struct gpt_header header;
	struct gpt_entry entry;
	uint64_t block;

	disk = find_disk();
	block = disk->media->block_size;
	read_bytes(block, &header, sizeof(header));
	if (!same_bytes(header.signature, "EFI PART", 8))
		stop("the disk has no GUID partition table", NULL);
	for (uint32_t i = 0; i < header.entry_count; i++) {
		read_bytes(header.entries_lba * block + (uint64_t)i * header.entry_size, &entry, sizeof(entry));
		if (!same_bytes(entry.type, freebsd_ufs, sizeof(freebsd_ufs)))
			continue;
		partition_start = entry.first_lba * block;
		partition_end = (entry.last_lba + 1) * block;
		print("tiny loader: freebsd-ufs is partition ");
		print_number(i + 1);
		print("\n");
		return;
	}
	stop("the disk has no partition of type freebsd-ufs", NULL);
}

void
disk_read(uint64_t offset, void *buffer, uint64_t size)
{
	if (offset > partition_end - partition_start || size > partition_end - partition_start - offset)
		stop("the file system points behind the end of its partition", NULL);
	read_bytes(partition_start + offset, buffer, size);
}

bool
disk_write(uint64_t offset, const void *buffer, uint64_t size)
{
	uint64_t block = disk->media->block_size;
	uint64_t at = partition_start + offset, skip = at % block;
	uint8_t *whole = allocate(block);

	if (skip + size > block || at + size > partition_end)
		stop("more is to be written than one block holds", NULL);
	read_bytes(at - skip, whole, block);
	memcpy(whole + skip, buffer, size);
	return (disk->write_blocks(disk, disk->media->media_id, at / block, block, whole) == EFI_SUCCESS &&
	    disk->flush_blocks(disk) == EFI_SUCCESS);
}
