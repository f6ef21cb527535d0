/* Memory and strings. */
#include "loader.h"

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

void *
allocate(uint64_t size)
{
	void *memory;

	if (efi_bs->allocate_pool(EFI_LOADER_DATA, size, &memory) != EFI_SUCCESS)
		stop("out of memory", NULL);
	return (memory);
}

bool
equal(const char *a, const char *b)
{
	while (*a != '\0' && *a == *b) {
		a++;
		b++;
	}
	return (*a == *b);
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
