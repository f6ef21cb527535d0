/*
 * UFS2, written from the on-disk format. Nothing of it changes but what a file holds, in its place: the superblock at byte 65536, inodes of 256 bytes in cylinder
 * groups, directories of variable records, files by twelve direct and three levels of indirect blocks.
 */
#include "loader.h"

void *memcpy(void *, const void *, size_t);
void *memset(void *, int, size_t);

#define SUPERBLOCK_PLACE 65536
#define SUPERBLOCK_SIZE 1376
#define UFS2_MAGIC 0x19540119
#define ROOT_INODE 2
#define DIRECT_BLOCKS 12
#define INDIRECT_LEVELS 3
/* A symbolic link this short lies in the inode, in the place of the block pointers. */
#define SHORT_LINK (8 * (DIRECT_BLOCKS + INDIRECT_LEVELS))
#define MAX_LINKS 32
#define MAX_PATH 1024

enum { TYPE_MASK = 0170000, TYPE_DIRECTORY = 0040000, TYPE_FILE = 0100000, TYPE_LINK = 0120000 };

struct inode {
	uint16_t mode, links;
	uint32_t uid, gid, block_size;
	uint64_t size, blocks;
	uint8_t times_and_flags[80];
	union {
		struct {
			uint64_t direct[DIRECT_BLOCKS];
			uint64_t indirect[INDIRECT_LEVELS];
		};
		char link[SHORT_LINK];
	};
	uint8_t rest[24];
};
_Static_assert(sizeof(struct inode) == 256, "an inode of UFS2 has 256 bytes");

struct entry {
	uint32_t inode;
	uint16_t record_size;
	uint8_t type, name_size;
	char name[];
};

/* The superblock, as far as it is needed. */
static struct {
	uint32_t inodes_start; /* fs_iblkno: fragments from the start of a cylinder group */
	uint32_t groups;
	uint32_t block_size, fragment_size;
	uint32_t fragments_per_block;
	uint32_t inodes_per_block, inodes_per_group, fragments_per_group;
} fs;

static uint32_t
word_at(const uint8_t *superblock, unsigned offset)
{
	uint32_t word;

	memcpy(&word, superblock + offset, sizeof(word));
	return (word);
}

void
ufs_open(void)
{
	uint8_t *sb = allocate(SUPERBLOCK_SIZE);
	uint64_t place;

	disk_read(SUPERBLOCK_PLACE, sb, SUPERBLOCK_SIZE);
	if (word_at(sb, 1372) != UFS2_MAGIC)
		stop("the partition holds no UFS2 file system", NULL);
	/* FreeBSD's loader refuses a superblock that names another place than the one it was found at. */
	memcpy(&place, sb + 1000, sizeof(place));
	if (place != SUPERBLOCK_PLACE)
		say("warning: the superblock names another place than its own; FreeBSD would refuse it", NULL);
	fs.inodes_start = word_at(sb, 16);
	fs.groups = word_at(sb, 44);
	fs.block_size = word_at(sb, 48);
	fs.fragment_size = word_at(sb, 52);
	fs.fragments_per_block = word_at(sb, 56);
	fs.inodes_per_block = word_at(sb, 120);
	fs.inodes_per_group = word_at(sb, 184);
	fs.fragments_per_group = word_at(sb, 188);
	if (fs.groups == 0 || fs.block_size == 0 || fs.inodes_per_group == 0 ||
	    fs.block_size != fs.fragment_size * fs.fragments_per_block ||
	    fs.inodes_per_block != fs.block_size / sizeof(struct inode))
		stop("the superblock contradicts itself", NULL);
}

static void
read_inode(uint32_t number, struct inode *inode)
{
	uint32_t group = number / fs.inodes_per_group;
	uint32_t index = number % fs.inodes_per_group;
	uint64_t fragment = (uint64_t)group * fs.fragments_per_group + fs.inodes_start +
	    (uint64_t)(index / fs.inodes_per_block) * fs.fragments_per_block;

	if (group >= fs.groups)
		stop("a directory names an inode that does not exist", NULL);
	disk_read(fragment * fs.fragment_size + index % fs.inodes_per_block * sizeof(*inode), inode, sizeof(*inode));
}

/* Reads what a block pointer covers; at level 0 it is data, above that a block of pointers. 0 is a hole. */
static void
read_tree(uint64_t pointer, int level, uint8_t *to, uint64_t size)
{
	uint64_t covered = fs.block_size;
	uint64_t *pointers;

	if (pointer == 0) {
		memset(to, 0, size);
		return;
	}
	if (level == 0) {
		disk_read(pointer * fs.fragment_size, to, size);
		return;
	}
	for (int i = 1; i < level; i++)
		covered *= fs.block_size / sizeof(*pointers);
	pointers = allocate(fs.block_size);
	disk_read(pointer * fs.fragment_size, pointers, fs.block_size);
	for (uint64_t i = 0; size > 0; i++) {
		uint64_t part = size < covered ? size : covered;

		read_tree(pointers[i], level - 1, to, part);
		to += part;
		size -= part;
	}
	efi_bs->free_pool(pointers);
}

/* The contents of a file, directory or link. */
static void
read_contents(const struct inode *inode, struct file *file)
{
	uint64_t done = 0, covered = fs.block_size;
	uint8_t *data = allocate(inode->size + 1);

	if ((inode->mode & TYPE_MASK) == TYPE_LINK && inode->size < SHORT_LINK) {
		memcpy(data, inode->link, inode->size);
		done = inode->size;
	}
	for (int i = 0; i < DIRECT_BLOCKS + INDIRECT_LEVELS && done < inode->size; i++) {
		int level = i < DIRECT_BLOCKS ? 0 : i - DIRECT_BLOCKS + 1;
		uint64_t pointer = level == 0 ? inode->direct[i] : inode->indirect[level - 1];
		uint64_t part;

		if (level > 0)
			covered *= fs.block_size / sizeof(uint64_t);
		part = inode->size - done < covered ? inode->size - done : covered;
		read_tree(pointer, level, data + done, part);
		done += part;
	}
	data[inode->size] = '\0';
	file->data = data;
	file->size = inode->size;
}

/* The inode of the first NAME_SIZE bytes of NAME in a directory; 0 when there is none. */
static uint32_t
look_up(const struct inode *directory, const char *name, uint64_t name_size)
{
	struct file contents;
	uint32_t found = 0;

	read_contents(directory, &contents);
	for (uint64_t at = 0; at + sizeof(struct entry) <= contents.size && found == 0;) {
		const struct entry *entry = (const struct entry *)((const char *)contents.data + at);
		bool same = entry->inode != 0 && entry->name_size == name_size;

		for (uint64_t i = 0; same && i < name_size; i++)
			same = entry->name[i] == name[i];
		if (same)
			found = entry->inode;
		if (entry->record_size == 0)
			stop("a directory is damaged", NULL);
		at += entry->record_size;
	}
	efi_bs->free_pool(contents.data);
	return (found);
}

/* Finds what an absolute path leads to. */
static bool
find(const char *path, struct inode *inode, const char **why)
{
	char *rest = join(path, "", "");
	uint32_t number = ROOT_INODE, parent = ROOT_INODE;
	int links = 0;

	for (read_inode(number, inode);;) {
		uint64_t name_size = 0;

		if ((inode->mode & TYPE_MASK) == TYPE_LINK) {
			struct file target;

			read_contents(inode, &target);
			if (++links > MAX_LINKS || target.size + length(rest) > MAX_PATH) {
				*why = "too many symbolic links";
				return (false);
			}
			rest = join(target.data, "/", rest);
			number = *rest == '/' ? ROOT_INODE : parent;
			read_inode(number, inode);
			continue;
		}
		while (*rest == '/')
			rest++;
		if (*rest == '\0')
			return (true);
		if ((inode->mode & TYPE_MASK) != TYPE_DIRECTORY) {
			*why = "not a directory";
			return (false);
		}
		while (rest[name_size] != '\0' && rest[name_size] != '/')
			name_size++;
		parent = number;
		number = look_up(inode, rest, name_size);
		if (number == 0) {
			*why = "no such file";
			return (false);
		}
		rest += name_size;
		read_inode(number, inode);
	}
}

bool
ufs_read(const char *path, struct file *file, const char **why)
{
	struct inode inode;

	if (!find(path, &inode, why))
		return (false);
	if ((inode.mode & TYPE_MASK) != TYPE_FILE) {
		*why = "not a regular file";
		return (false);
	}
	read_contents(&inode, file);
	return (true);
}

bool
ufs_is_file(const char *path)
{
	struct inode inode;
	const char *why;

	return (find(path, &inode, &why) && (inode.mode & TYPE_MASK) == TYPE_FILE);
}

bool
ufs_overwrite(const char *path, const char *text)
{
	struct inode inode;
	const char *why;

	if (!find(path, &inode, &why) || (inode.mode & TYPE_MASK) != TYPE_FILE || inode.size < length(text) ||
	    inode.direct[0] == 0)
		return (false);
	return (disk_write(inode.direct[0] * fs.fragment_size, text, length(text)));
}

void
ufs_list(const char *path, void (*tell)(const char *name))
{
	struct inode inode;
	struct file contents;
	const char *why;

	if (!find(path, &inode, &why) || (inode.mode & TYPE_MASK) != TYPE_DIRECTORY)
		return;
	read_contents(&inode, &contents);
	for (uint64_t at = 0; at + sizeof(struct entry) <= contents.size;) {
		const struct entry *entry = (const struct entry *)((const char *)contents.data + at);

		if (entry->record_size == 0)
			stop("a directory is damaged", NULL);
		/* Names are ended by NUL, too. */
		if (entry->inode != 0)
			tell(join(entry->name, "", ""));
		at += entry->record_size;
	}
}
