# Stands for the make files that a world installs for building ports and programs.
