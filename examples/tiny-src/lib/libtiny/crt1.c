/* Where a program starts: the stack holds the argument count, then the arguments. */
#include <tiny.h>

int main(int argc, char **argv);

__attribute__((used)) static void
start(long *stack)
{
	tiny_exit(main((int)stack[0], (char **)(stack + 1)));
}

__attribute__((naked)) void
_start(void)
{
	__asm__ volatile("movq %rsp, %rdi\n\t"
	    "andq $-16, %rsp\n\t"
	    "call start\n\t"
	    "hlt");
}
