/* The first program of the miniature world. The miniature kernel looks at it and does not run it. */
#include <tiny.h>

int
main(int argc, char **argv)
{
	(void)argc;
	(void)argv;
	tiny_print("tiny init: a fixture\n");
	return (0);
}
