# What the tests in guests have in common; they source it from the directory that they lie in. `scratch` is a directory of
# theirs.
failures=0

check() { # WHAT COMMAND...
    what=$1
    shift
    if "$@" >"$scratch/said" 2>&1; then
        echo "ok: $what"
    else
        echo "FAILED: $what"
        sed 's/^/    /' "$scratch/said"
        failures=$((failures + 1))
    fi
}

refuses() { ! "$@"; }

# The last line of a test.
conclude() {
    [ "$failures" = 0 ] || { echo "$failures failed"; exit 1; }
    echo "all passed"
}
