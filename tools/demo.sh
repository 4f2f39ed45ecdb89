#!/bin/sh
# Two processes of the command hold an SCTP association over UDP: messages on
# several streams both ways, the events, a graceful end. Takes some seconds.
#
#   tools/demo.sh [BUILD-DIRECTORY]
set -u
cd "${1:-.}" || exit 1
PATH=$PWD:$PATH

tmp=$(mktemp -d "${TMPDIR:-/tmp}/gensctp-demo.XXXXXX") || exit 1
finish() {
  exec 3>&- 4>&-
  for file in "$tmp"/*.pid; do
    [ ! -f "$file" ] || kill "$(cat "$file")" 2>/dev/null
  done
  rm -rf "$tmp"
}
trap finish EXIT
trap 'exit 1' INT TERM HUP PIPE

say() {
  printf '\n# %s\n' "$*"
}

# until_in TEXT FILE: waits for at most 10 s.
until_in() {
  tries=100
  until grep -q "$1" "$2" 2>/dev/null; do
    tries=$((tries - 1))
    [ "$tries" -gt 0 ] || {
      echo "The demonstration failed: '$1' did not come." >&2
      exit 1
    }
    sleep 0.1
  done
}

# run NAME WORD...: in the background, with its input from $tmp/NAME.in; shows
# its output behind its name and keeps it in $tmp/NAME.
run() {
  name=$1
  shift
  echo "$name\$ $*"
  {
    {
      "$@" <"$tmp/$name.in" 2>&1 &
      echo "$!" >"$tmp/$name.pid"
      wait "$!"
      echo "ends with status $?"
    } | tee "$tmp/$name" | while IFS= read -r line; do
      echo "$name: ${line#gensctp: }"
    done
  } 3>&- 4>&- &
}

# 3 and 4 are what somebody types there.
mkfifo "$tmp/server.in" "$tmp/client.in"
exec 3<>"$tmp/server.in" 4<>"$tmp/client.in"

say "A server listens on SCTP port 2006. Its packets are UDP datagrams."
run server gensctp listen --once --streams-in-lines 127.0.0.1 2006
until_in "UDP port [0-9]*$" "$tmp/server"
udp=$(sed -n 's/.*SCTP port.*UDP port \([0-9]*\)$/\1/p' "$tmp/server")

say "A client sets up an association; both sides are told: comm_up."
run client gensctp connect --streams-in-lines --udp-remote-port "$udp" \
  127.0.0.1 2006
until_in comm_up "$tmp/client"
until_in comm_up "$tmp/server"
sleep 0.2

say "Messages both ways, each on its stream (STREAM:TEXT)."
echo "0:hello, this is stream 0" >&4
echo "1:a question on stream 1" >&4
echo "7:something else on stream 7" >&4
until_in "stream 7" "$tmp/server"
echo "1:the answer on stream 1" >&3
echo "2:news on stream 2" >&3
until_in "stream 2" "$tmp/client"
sleep 0.2

say "The client's input ends: it shuts down gracefully, both sides are told."
exec 4>&-
until_in "ends with status" "$tmp/client"
until_in "ends with status" "$tmp/server"
sleep 0.2
grep -q "ends with status 0" "$tmp/client" &&
  grep -q "ends with status 0" "$tmp/server"
