#!/bin/sh
# Several addresses at both ends where the IP layer has them; a clear error
# where it does not.
. "${srcdir:-.}/tests/cli_lib.sh"

STATUS 0 gensctp info
if ! grep -q '^multihoming *yes' "$tmp/said"; then
  STATUS 1 gensctp listen --udp-port 0 127.0.0.1 127.0.0.2 "$port"
  SAYS "gensctp info" "$tmp/said"
  exit 0
fi

# With all of 127.0.0.0/8 on the loopback interface.
BACKGROUND two gensctp listen --once --udp-port 0 --local 127.0.0.2,127.0.0.3 \
  "$port" </dev/null
listener=$started
WAIT_FOR 10 [ -s "$tmp/two.err" ]
! grep -q "cannot assign" "$tmp/two.err" || SKIP "127.0.0.2 is not local here"
WAIT_FOR 10 is_listening "$tmp/two.err"
udp=$(udp_port_in "$tmp/two.err")

addr=127.0.0.2/127.0.0.3
STATUS 3 gensctp connect --udp-remote-port "$udp" "$addr" "$((port ^ 1))"
SAYS "Connection refused" "$tmp/said"
confirmed() { # ADDRESS
  grep -q "addr_confirmed, addr $1:" "$tmp/two.err"
}
mkfifo "$tmp/input"
exec 9<>"$tmp/input"
CLIENT client --local 127.0.0.4/127.0.0.5 --local 127.0.0.6 <"$tmp/input"
client=$started
WAIT_FOR 10 confirmed 127.0.0.4
WAIT_FOR 10 confirmed 127.0.0.5
WAIT_FOR 10 confirmed 127.0.0.6
echo "over one of two paths" >&9
WAIT_FOR 10 grep -q "over one of two paths" "$tmp/two.out"
kill "$client"
ENDED "$client" 0
ENDED "$listener" 0

# What a listener on all addresses tells a client on this host, as the client
# shows it; then what a client tells a listener.
host=$(gensctp info | sed -n 's/^local addresses *//p' | tr -d ' ' | tr , '\n' |
  grep -v : | grep -v '^127\.' | head -n 1)
shown_by() { # FILE: all paths, as soon as the first round is over
  [ "$(grep -c 'path: .*, primary yes' "$1")" -gt 1 ]
}
paths_in() { # FILE
  sed -n 's/.*path: .* addr \([0-9.]*\):.*/\1/p' "$1" | sort -u | tr '\n' ' '
}
# TOLD WHICH LISTENER-OPTION... -- CLIENT-OPTION...: sets $told.
TOLD() {
  who=$1
  shift
  options=
  while [ "$1" != -- ]; do
    options="$options $1"
    shift
  done
  shift
  # shellcheck disable=SC2086 # a list of words
  BACKGROUND listener gensctp listen --once --udp-port 0 --status 100ms \
    $options "$port" </dev/null
  listener=$started
  WAIT_FOR 10 is_listening "$tmp/listener.err"
  udp=$(udp_port_in "$tmp/listener.err")
  addr=127.0.0.1
  CLIENT client --status 100ms "$@" <"$tmp/input"
  client=$started
  WAIT_FOR 10 shown_by "$tmp/$who.err"
  told=$(paths_in "$tmp/$who.err")
  kill "$client"
  ENDED "$client" 0
  ENDED "$listener" 0
}
TOLD client --advertise route --
EQUAL "what a listener tells by route" "$told" "127.0.0.1 "
TOLD listener -- --advertise route
EQUAL "what a client tells by route" "$told" "127.0.0.1 "
TOLD client --advertise 127.0.0.1/203.0.113.7 --
EQUAL "what a listener tells of a list" "$told" "127.0.0.1 "
[ -n "$host" ] || exit 0
both=$(printf '127.0.0.1\n%s\n' "$host" | sort | tr '\n' ' ')
TOLD client --advertise "$host" --
EQUAL "what a listener tells with another" "$told" "$both"
TOLD listener -- --advertise "127.0.0.1,$host"
EQUAL "what a client tells with another" "$told" "$both"
TOLD client --advertise all --
case $told in
*"$host "*) ;;
*) FAIL "all addresses are '$told', without $host" ;;
esac
