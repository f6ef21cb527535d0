/* What loader and kernel share. */
#include "../sys/libkern.h"

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

bool
equal(const char *a, const char *b)
{
	while (*a != '\0' && *a == *b) {
		a++;
		b++;
	}
	return (*a == *b);
}

void
print_number(uint64_t number)
{
	char digits[21];
	char *p = digits + sizeof(digits) - 1;

	*p = '\0';
	do {
		*--p = (char)('0' + number % 10);
		number /= 10;
	} while (number != 0);
	print(p);
}
