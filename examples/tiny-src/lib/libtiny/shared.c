/* Stands for the shared libraries and the run-time linker, which FreeBSD installs with the flag schg. */
const char tiny_shared[] = "libtiny.so.1";
