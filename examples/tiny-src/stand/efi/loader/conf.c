/*
 * loader.conf: lines of name="value", comments from '#' on. A later line wins, as with FreeBSD's loader.
 */
#include "loader.h"

void *memcpy(void *, const void *, size_t);

/* FreeBSD's loader ignores longer strings without a word; here it is an error that a test can see. */
#define MAX_VALUE 250
#define MAX_VARIABLES 256

static struct {
	char *name, *value;
} variables[MAX_VARIABLES];
static unsigned variable_count;

void
conf_set(char *name, char *value)
{
	unsigned i;

	if (length(value) > MAX_VALUE)
		stop("the value of ", name, " is longer than 250 bytes", NULL);
	for (i = 0; i < variable_count && !equal(variables[i].name, name); i++)
		;
	if (i == MAX_VARIABLES)
		stop("too many variables", NULL);
	if (i == variable_count)
		variable_count++;
	variables[i].name = name;
	variables[i].value = value;
}

/* One line, ended by NUL; it may be cut up. False when it is neither empty, comment nor assignment. */
static bool
parse_line(char *line)
{
	char *name, *value, *p = line;

	while (*p == ' ' || *p == '\t')
		p++;
	if (*p == '\0' || *p == '#')
		return (true);
	name = p;
	while (*p != '\0' && *p != '=' && *p != ' ' && *p != '\t')
		p++;
	if (*p != '=' || p == name)
		return (false);
	*p++ = '\0';
	if (*p == '"') {
		value = ++p;
		while (*p != '\0' && *p != '"')
			p++;
		if (*p == '\0')
			return (false);
	} else {
		value = p;
		while (*p != '\0' && *p != ' ' && *p != '\t' && *p != '#')
			p++;
	}
	*p = '\0';
	conf_set(name, value);
	return (true);
}

void
conf_read(const char *path, bool required)
{
	const char *why;
	struct file file;
	char *line;

	if (!ufs_read(path, &file, &why)) {
		if (required)
			stop("cannot read ", path, ": ", why, NULL);
		return;
	}
	say("reading ", path, NULL);
	line = file.data;
	for (char *p = line;; p++) {
		bool last = *p == '\0';

		if (*p != '\n' && !last)
			continue;
		*p = '\0';
		if (!parse_line(line))
			say(path, ": not understood: ", line, NULL);
		if (last)
			return;
		line = p + 1;
	}
}

void
conf_forget(void)
{
	variable_count = 0;
}

const char *
conf_get(const char *name)
{
	for (unsigned i = 0; i < variable_count; i++)
		if (equal(variables[i].name, name))
			return (variables[i].value);
	return (NULL);
}

char *
conf_environment(uint64_t *size)
{
	char *environment, *p;

	*size = 1;
	for (unsigned i = 0; i < variable_count; i++)
		*size += length(variables[i].name) + length(variables[i].value) + 2;
	p = environment = allocate(*size);
	for (unsigned i = 0; i < variable_count; i++) {
		char *line = join(variables[i].name, "=", variables[i].value);

		memcpy(p, line, length(line) + 1);
		p += length(line) + 1;
	}
	*p = '\0';
	return (environment);
}
