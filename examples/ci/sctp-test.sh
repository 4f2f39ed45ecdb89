#!/bin/sh
# Tests an SCTP program, whose server answers each message, on this host alone:
# its client gets an answer; then gensctp does, on a slow line and over two paths,
# where the system has them.
#
#   ./sctp-test.sh SERVER CLIENT
set -u
server=$1
client=$2
port=5556
tmp=$(mktemp -d)
pid=

stop_server() {
  [ -z "$pid" ] || kill "$pid" 2>/dev/null
  pid=
}

finish() {
  stop_server
  rm -rf "$tmp"
}
trap finish EXIT

fail() {
  echo "FAIL: $*" >&2
  cat "$tmp"/* >&2
  exit 1
}

# wait_for PATTERN FILE: for at most 20 s.
wait_for() {
  tries=200
  until grep -q "$1" "$2" 2>/dev/null; do
    tries=$((tries - 1))
    [ "$tries" -gt 0 ] || return 1
    sleep 0.1
  done
}

# The server takes any free UDP port and prints it: programs of other jobs may
# have the usual one. Sets $udp.
start_server() { # ADDRESS[/ADDRESS...]
  : >"$tmp/server"
  "$server" "$1:$port" 0 >>"$tmp/server" 2>&1 &
  pid=$!
  wait_for 'UDP port' "$tmp/server" || fail "no server on $1"
  udp=$(sed -n 's/.*UDP port \([0-9]*\).*/\1/p' "$tmp/server")
}

# A heartbeat of the second path was answered: it has a round trip time.
second_path='addr 127.0.0.3:.* srtt ms [1-9]'

# What somebody types: a message, and no more until there are two paths.
message_on_two_paths() {
  echo hello
  wait_for "$second_path" "$tmp/paths"
}

start_server 127.0.0.1
"$client" "127.0.0.1:$port" "$udp" >"$tmp/client" 2>&1 ||
  fail "the client ends with status $?"
grep -q "I am the Server" "$tmp/client" || fail "the client has no answer"
stop_server
echo "ok: one path"

gensctp info >"$tmp/info" || fail "gensctp info ends with status $?"
if ! grep -q '^multihoming *yes' "$tmp/info"; then
  echo "skipped: two paths, see gensctp info"
  exit 0
fi
start_server 127.0.0.2/127.0.0.3
message_on_two_paths |
  gensctp connect --udp-remote-port "$udp" --impair delay=20ms \
    --heartbeat 200ms --rto-min 200ms --status 200ms \
    127.0.0.2/127.0.0.3 "$port" >"$tmp/answer" 2>"$tmp/paths" ||
  fail "gensctp connect ends with status $?"
grep -q "I am the Server" "$tmp/answer" || fail "gensctp has no answer"
grep -q "$second_path" "$tmp/paths" || fail "the second path does not work"
echo "ok: two paths"
