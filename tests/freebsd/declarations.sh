# shellcheck shell=sh disable=SC2154  # `config` is of whoever reads this
# Systems that tests in guests start: what CONFIG declares, edited. They lie beside CONFIG, as files that it names are found
# there; their names are in `made`, for the test to remove them.
made=
# Seconds that a start may take to get ready: many, as what is tested must not depend on how busy the builder is.
ready_timeout=600

declaration() { # NAME: its file.
    echo "$(dirname "$config")/fruix-test-$$-$1.scm"
}

# The loader speaks through the firmware, which reads the serial line anyhow: of a loader that reads the line itself it takes
# nearly every key before that looks.
declare_system() { # NAME [SED-COMMAND...]
    name=$1
    shift
    made="$made $(declaration "$name")"
    sed -e "s/(host-name \"[^\"]*\")/(host-name \"$name\")/" -e 's/"comconsole,efi"/"efi"/' \
        -e 's/("autoboot_delay" \. "[0-9]*")/("autoboot_delay" . "5")/' \
        -e "s/(rc-conf '(/(rc-conf '((\"fruix_ready_timeout\" . \"$ready_timeout\") /" "$@" "$config" \
        >"$(declaration "$name")"
}

# Commands of sed that edit a declaration.

service() { # SCHEME: adds a service.
    printf 's|%%base-services|(cons %s %%base-services)|' "$1"
}

step() { # COMMANDS: adds a step of the activation.
    service "(simple-service 'odd activation-service-type (list (activation-step (name \"odd\") (script \"$1\"))))"
}

# Steps that cannot work, for the tests that read this file.
# shellcheck disable=SC2034
failing_step=$(step 'echo it does not work >\&2; false') panicking_step=$(step 'sysctl debug.kdb.panic=1')
