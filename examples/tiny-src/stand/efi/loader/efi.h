/*
 * The part of the UEFI interface that the loader uses, written from the UEFI specification 2.x.
 *
 * Members the loader never calls are `void *`: only their place counts.
 */
#ifndef TINY_EFI_H
#define TINY_EFI_H

#include <stddef.h>
#include <stdint.h>

typedef uint64_t efi_status;
typedef void *efi_handle;

#define EFI_SUCCESS 0
#define EFI_ERROR_BIT (1ull << 63)
#define EFI_LOAD_ERROR (EFI_ERROR_BIT | 1)

struct efi_guid {
	uint32_t d1;
	uint16_t d2;
	uint16_t d3;
	uint8_t d4[8];
};

struct efi_table_header {
	uint64_t signature;
	uint32_t revision;
	uint32_t header_size;
	uint32_t crc32;
	uint32_t reserved;
};

struct efi_text_output {
	void *reset;
	efi_status (*output_string)(struct efi_text_output *, const uint16_t *);
};

struct efi_key {
	uint16_t scan_code;
	uint16_t character;
};

struct efi_text_input {
	void *reset;
	efi_status (*read_key)(struct efi_text_input *, struct efi_key *);
};

enum efi_allocate_type { EFI_ALLOCATE_ANY, EFI_ALLOCATE_MAX, EFI_ALLOCATE_ADDRESS };
enum efi_memory_type { EFI_LOADER_DATA = 2 };
enum efi_locate_type { EFI_BY_PROTOCOL = 2 };

struct efi_boot_services {
	struct efi_table_header header;
	void *raise_tpl, *restore_tpl;
	efi_status (*allocate_pages)(enum efi_allocate_type, enum efi_memory_type, uint64_t pages, uint64_t *address);
	void *free_pages;
	efi_status (*get_memory_map)(uint64_t *size, void *map, uint64_t *key, uint64_t *descriptor_size,
	    uint32_t *version);
	efi_status (*allocate_pool)(enum efi_memory_type, uint64_t size, void **buffer);
	efi_status (*free_pool)(void *);
	void *create_event, *set_timer, *wait_for_event, *signal_event, *close_event, *check_event;
	void *install_protocol, *reinstall_protocol, *uninstall_protocol;
	efi_status (*handle_protocol)(efi_handle, const struct efi_guid *, void **interface);
	void *reserved, *register_protocol_notify;
	efi_status (*locate_handle)(enum efi_locate_type, const struct efi_guid *, void *key, uint64_t *size,
	    efi_handle *handles);
	void *locate_device_path, *install_configuration_table;
	void *load_image, *start_image, *exit, *unload_image;
	efi_status (*exit_boot_services)(efi_handle, uint64_t key);
	void *get_next_monotonic_count;
	efi_status (*stall)(uint64_t microseconds);
	efi_status (*set_watchdog_timer)(uint64_t seconds, uint64_t code, uint64_t size, uint16_t *data);
};

struct efi_system_table {
	struct efi_table_header header;
	uint16_t *firmware_vendor;
	uint32_t firmware_revision;
	efi_handle console_in_handle;
	struct efi_text_input *console_in;
	efi_handle console_out_handle;
	struct efi_text_output *console_out;
	efi_handle standard_error_handle;
	struct efi_text_output *standard_error;
	void *runtime_services;
	struct efi_boot_services *boot_services;
};

struct efi_loaded_image {
	uint32_t revision;
	efi_handle parent;
	struct efi_system_table *system_table;
	efi_handle device;
};

struct efi_device_path {
	uint8_t type;
	uint8_t subtype;
	uint8_t length[2];
};
#define EFI_DEVICE_PATH_END 0x7f

struct efi_block_media {
	uint32_t media_id;
	uint8_t removable, present, logical_partition, read_only, write_caching;
	uint32_t block_size;
	uint32_t io_align;
	uint64_t last_block;
};

struct efi_block_io {
	uint64_t revision;
	struct efi_block_media *media;
	void *reset;
	efi_status (*read_blocks)(struct efi_block_io *, uint32_t media_id, uint64_t lba, uint64_t size, void *buffer);
	efi_status (*write_blocks)(struct efi_block_io *, uint32_t media_id, uint64_t lba, uint64_t size,
	    const void *buffer);
	efi_status (*flush_blocks)(struct efi_block_io *);
};

#define EFI_LOADED_IMAGE_GUID { 0x5b1b31a1, 0x9562, 0x11d2, { 0x8e, 0x3f, 0x00, 0xa0, 0xc9, 0x69, 0x72, 0x3b } }
#define EFI_DEVICE_PATH_GUID { 0x09576e91, 0x6d3f, 0x11d2, { 0x8e, 0x39, 0x00, 0xa0, 0xc9, 0x69, 0x72, 0x3b } }
#define EFI_BLOCK_IO_GUID { 0x964e5b21, 0x6459, 0x11d2, { 0x8e, 0x39, 0x00, 0xa0, 0xc9, 0x69, 0x72, 0x3b } }

#endif
