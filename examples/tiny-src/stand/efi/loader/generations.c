/*
 * The generations of a Fruix system, as the scripts for FreeBSD's loader know them: those that are there, with what the
 * index says of each, the current one as the default, and one that is to be tried once.
 */
#include "loader.h"

#define STATE "/frx/var/fruix"
#define PROFILES STATE "/profiles"
#define INDEX STATE "/boot/generations"
#define ATTEMPT STATE "/boot/try"

#define MAX_GENERATIONS 100
/* A menu has a key for each. */
#define MAX_SHOWN 9
#define TICKS_A_SECOND 20

/* The numbers, the newest first. */
static uint32_t generations[MAX_GENERATIONS];
static unsigned generation_count;

/* The number that TEXT begins with, without zeros before it; *END is what follows. 0 where there is none. */
static uint32_t
parse_number(const char *text, const char **end)
{
	uint32_t number = 0;

	while (*text >= '0' && *text <= '9' && !(number == 0 && *text == '0'))
		number = number * 10 + (uint32_t)(*text++ - '0');
	*end = text;
	return (number);
}

/* What follows PREFIX in TEXT; NULL where it begins otherwise. */
static const char *
after(const char *text, const char *prefix)
{
	while (*prefix != '\0')
		if (*text++ != *prefix++)
			return (NULL);
	return (text);
}

static char *
digits(uint32_t number)
{
	char *text = allocate(11), *p = text + 10;

	*p = '\0';
	do {
		*--p = (char)('0' + number % 10);
		number /= 10;
	} while (number != 0);
	return (p);
}

static void
add(const char *name)
{
	const char *rest = after(name, "system-");
	uint32_t number = rest == NULL ? 0 : parse_number(rest, &rest);
	unsigned place;

	if (number == 0 || !equal(rest, "-link") || generation_count == MAX_GENERATIONS)
		return;
	for (place = generation_count++; place > 0 && generations[place - 1] < number; place--)
		generations[place] = generations[place - 1];
	generations[place] = number;
}

/* Reads the settings of a generation; those of the current one for 0. */
static void
read_settings(uint32_t number)
{
	conf_forget();
	conf_read("/boot/defaults/loader.conf", true);
	if (number == 0)
		conf_read("/boot/loader.conf", false);
	else
		conf_read(join(PROFILES "/system-", digits(number), "-link/boot/loader.conf"), false);
}

static bool
is_file_of(const char *variable, const char *below)
{
	const char *value = conf_get(variable);

	return (value != NULL && ufs_is_file(join(value, below, "")));
}

static bool
is_bootable(void)
{
	return (is_file_of("kernel", "/kernel") && is_file_of("init_path", "") && is_file_of("init_script", ""));
}

/* Writes down that an attempt is made, and gives the number of the generation to try; 0 where there is none. */
static uint32_t
spend_attempt(void)
{
	struct file file;
	const char *why, *rest;
	uint32_t number;

	if (!ufs_read(ATTEMPT, &file, &why) || (rest = after(file.data, "armed ")) == NULL)
		return (0);
	number = parse_number(rest, &rest);
	if (number == 0 || *rest != '\n')
		return (0);
	if (!ufs_overwrite(ATTEMPT, "spent") || !ufs_read(ATTEMPT, &file, &why) || after(file.data, "spent ") == NULL) {
		say("generation ", digits(number), " is not tried: that it was cannot be written down", NULL);
		return (0);
	}
	return (number);
}

/* Reads the settings of the default: what is to be tried, or the current one, or the newest that is whole. */
static uint32_t
choose_default(void)
{
	uint32_t number = spend_attempt();

	if (number != 0) {
		read_settings(number);
		if (is_bootable()) {
			conf_set("fruix.try", digits(number));
			conf_set("kern.panic_reboot_wait_time", "5");
			say("trying generation ", digits(number), " once", NULL);
			return (number);
		}
		say("generation ", digits(number), " was to be tried, and is not whole", NULL);
	}
	read_settings(0);
	for (unsigned i = 0; i < generation_count && !is_bootable(); i++) {
		read_settings(generations[i]);
		if (is_bootable()) {
			say("generation ", digits(generations[i]), " takes the place of the current one", NULL);
			return (generations[i]);
		}
	}
	return (0);
}

/* The line of the index for a generation, from behind its number; an empty one where there is none. */
static const char *
index_line(const char *index, uint32_t number)
{
	const char *rest;

	for (const char *line = index; *line != '\0';) {
		if (parse_number(line, &rest) == number && *rest == '\t')
			return (rest);
		while (*line != '\0' && *line++ != '\n')
			;
	}
	return ("");
}

static void
show(uint32_t chosen)
{
	struct file index;
	const char *why;

	if (!ufs_read(INDEX, &index, &why))
		index.data = "";
	for (unsigned i = 0; i < generation_count && i < MAX_SHOWN; i++) {
		char letter[2] = { 0, 0 };

		print(digits(i + 1));
		print(". Generation ");
		print(digits(generations[i]));
		for (const char *p = index_line(index.data, generations[i]); *p != '\0' && *p != '\n'; p++) {
			letter[0] = *p == '\t' ? ' ' : *p;
			print(letter);
		}
		print(generations[i] == chosen ? " [Enter]\n" : "\n");
	}
}

void
generations_choose(void)
{
	const char *rest, *delay;
	uint32_t chosen;

	ufs_list(PROFILES, add);
	chosen = choose_default();
	show(chosen);
	delay = conf_get("autoboot_delay");
	for (uint32_t ticks = delay == NULL ? 0 : parse_number(delay, &rest) * TICKS_A_SECOND; ticks > 0; ticks--) {
		char key = key_pressed();

		if (key > '0' && key <= '9' && (unsigned)(key - '1') < generation_count) {
			read_settings(generations[key - '1']);
			return;
		}
		efi_bs->stall(1000000 / TICKS_A_SECOND);
	}
}
