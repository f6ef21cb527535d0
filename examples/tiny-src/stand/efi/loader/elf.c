/* An ELF64 program for amd64: each PT_LOAD segment goes to the physical address it asks for. */
#include "loader.h"

void *memcpy(void *, const void *, size_t);
void *memset(void *, int, size_t);

#define PAGE 4096ull
#define MACHINE_AMD64 62
#define PT_LOAD 1

struct elf_header {
	uint8_t ident[16];
	uint16_t type, machine;
	uint32_t version;
	uint64_t entry, segments_offset, sections_offset;
	uint32_t flags;
	uint16_t header_size, segment_size, segment_count;
};

struct elf_segment {
	uint32_t type, flags;
	uint64_t offset, virtual_address, physical_address, file_size, memory_size, alignment;
};

uint64_t
elf_load(const struct file *kernel, const char *path)
{
	const uint8_t *bytes = kernel->data;
	const struct elf_header *header = kernel->data;
	uint64_t low = UINT64_MAX, high = 0;

	if (kernel->size < sizeof(*header) || bytes[0] != 0x7f || bytes[1] != 'E' || bytes[2] != 'L' ||
	    bytes[3] != 'F' || header->machine != MACHINE_AMD64)
		stop(path, " is no ELF program for amd64", NULL);
	if (header->segments_offset + (uint64_t)header->segment_count * header->segment_size > kernel->size)
		stop(path, " is cut short", NULL);
	/* First the whole span, so that segments may share a page; then the segments. */
	for (int pass = 0; pass < 2; pass++) {
		for (unsigned i = 0; i < header->segment_count; i++) {
			const struct elf_segment *s = (const struct elf_segment *)(bytes + header->segments_offset +
			    (uint64_t)i * header->segment_size);

			if (s->type != PT_LOAD)
				continue;
			if (s->offset + s->file_size > kernel->size)
				stop(path, " is cut short", NULL);
			if (pass == 0) {
				low = s->physical_address < low ? s->physical_address : low;
				high = s->physical_address + s->memory_size > high ?
				    s->physical_address + s->memory_size : high;
				continue;
			}
			memset((void *)s->physical_address, 0, s->memory_size);
			memcpy((void *)s->physical_address, bytes + s->offset, s->file_size);
		}
		if (pass == 0) {
			uint64_t start = low & ~(PAGE - 1);

			if (high == 0 || efi_bs->allocate_pages(EFI_ALLOCATE_ADDRESS, EFI_LOADER_DATA,
			    (high - start + PAGE - 1) / PAGE, &start) != EFI_SUCCESS)
				stop("no memory where ", path, " wants to be", NULL);
		}
	}
	return (header->entry);
}
