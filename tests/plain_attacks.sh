#!/bin/sh
# The table of what the attacks do to plain usrsctp (docs/security.md).
. "${srcdir:-.}/tests/lib.sh"

[ "${sanitizers:-none}" = none ] || SKIP "nothing of ours runs"
[ -x tests/plain_attacks ] || SKIP "the program is not built"
NEED timeout
CHECK "every attack does what the table says" timeout 60 tests/plain_attacks
