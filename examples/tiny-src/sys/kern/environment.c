/* Names and values: the loader's variables, and the assignments of an rc.conf. */
#include "kernel.h"

static const char *variables = "";

void
environment_init(const char *from_loader)
{
	variables = from_loader;
}

const char *
environment_get(const char *name)
{
	for (const char *p = variables; *p != '\0'; p++) {
		const char *n = name;

		while (*n != '\0' && *p == *n) {
			p++;
			n++;
		}
		if (*n == '\0' && *p == '=')
			return (p + 1);
		while (*p != '\0')
			p++;
	}
	return (NULL);
}

/* Copies up to the closing quote, or the end of the word when there is none. */
static bool
copy_value(const char *p, const char *end, char *value, uint64_t room)
{
	char quote = '\0';
	uint64_t n = 0;

	if (p < end && (*p == '"' || *p == '\''))
		quote = *p++;
	while (p < end && *p != '\n' && (quote != '\0' ? *p != quote : *p != ' ' && *p != '#' && *p != ';')) {
		if (n + 1 >= room)
			return (false);
		value[n++] = *p++;
	}
	value[n] = '\0';
	return (true);
}

bool
assignment_get(const char *text, uint64_t size, const char *name, char *value, uint64_t room)
{
	const char *end = text + size;
	bool found = false;

	for (const char *line = text; line < end;) {
		const char *p = line, *n = name;

		while (p < end && *n != '\0' && *p == *n) {
			p++;
			n++;
		}
		/* A later assignment wins, as in the shell. */
		if (*n == '\0' && p < end && *p == '=')
			found = copy_value(p + 1, end, value, room);
		while (line < end && *line != '\n')
			line++;
		line++;
	}
	return (found);
}
