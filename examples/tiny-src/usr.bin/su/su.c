/* Stands for every program that is installed setuid or setgid. */
#include <tiny.h>

int
main(int argc, char **argv)
{
	(void)argc;
	tiny_print(argv[0]);
	tiny_print(": a fixture\n");
	return (1);
}
