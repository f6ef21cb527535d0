/* Memory and strings. */
#include "loader.h"

void *
allocate(uint64_t size)
{
	void *memory;

	if (efi_bs->allocate_pool(EFI_LOADER_DATA, size, &memory) != EFI_SUCCESS)
		stop("out of memory", NULL);
	return (memory);
}

uint64_t
length(const char *text)
{
	uint64_t n = 0;

	while (text[n] != '\0')
		n++;
	return (n);
}

char *
join(const char *a, const char *b, const char *c)
{
	uint64_t la = length(a), lb = length(b), lc = length(c);
	char *whole = allocate(la + lb + lc + 1);

	memcpy(whole, a, la);
	memcpy(whole + la, b, lb);
	memcpy(whole + la + lb, c, lc + 1);
	return (whole);
}
