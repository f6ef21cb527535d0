#include <tiny.h>

int
main(int argc, char **argv)
{
	for (int i = 1; i < argc; i++) {
		tiny_print(argv[i]);
		tiny_print(i + 1 < argc ? " " : "");
	}
	tiny_print("\n");
	return (0);
}
