# For the shell tests, which automake's harness runs in the build directory
# with $srcdir and $PATH set: one scenario a file, temporary files in $tmp,
# processes that outlive the test are ended.
set -u
: "${srcdir:=$(dirname "$0")/..}"

tmp=$(mktemp -d "${TMPDIR:-/tmp}/gensctp-test.XXXXXX") || exit 99
background=
namespaces= # made by the test

cleanup() {
  status=$?
  trap - EXIT
  for pid in $background; do
    kill "$pid" 2>/dev/null && wait "$pid" 2>/dev/null
  done
  for name in $namespaces; do
    ip netns del "$name"
  done
  rm -rf "$tmp"
  exit "$status"
}
trap cleanup EXIT
trap 'exit 99' INT TERM HUP

SKIP() {
  echo "SKIP: $*"
  exit 77
}

# Seen where the output of a check goes elsewhere, too.
FAIL() {
  echo "FAIL: $*" >&2
  exit 1
}

# CHECK WHAT COMMAND...: the command succeeds.
CHECK() {
  what=$1
  shift
  "$@" || FAIL "$what ($*: status $?)"
}

# EQUAL WHAT GOT WANTED
EQUAL() {
  [ "$2" = "$3" ] || FAIL "$1: got '$2', not '$3'"
}

# NEED PROGRAM...: or the test is skipped.
NEED() {
  for program; do
    command -v "$program" >/dev/null || SKIP "$program is not installed"
  done
}

# START COMMAND...: in the background, until the test ends; its process id is
# in $started.
START() {
  "$@" &
  started=$!
  background="$background $started"
}

# WAIT_FOR SECONDS COMMAND...: repeats the command until it succeeds. Sanitizers
# have more time, as Check's tests have.
WAIT_FOR() {
  seconds=$(($1 * ${CK_TIMEOUT_MULTIPLIER:-1}))
  end=$(($(date +%s) + seconds))
  shift
  until "$@"; do
    [ "$(date +%s)" -lt "$end" ] || FAIL "not after $seconds s: $*"
    sleep 0.05
  done
}
