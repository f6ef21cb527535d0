# The options of src.conf, as WITHOUT_NAME=yes.

__DEFAULT_YES_OPTIONS = \
    DEBUG_FILES \
    RESCUE \
    TOOLCHAIN
