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
BACKGROUND two gensctp listen --once --udp-port 0 127.0.0.2 127.0.0.3 "$port" \
  </dev/null
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
CLIENT client --local 127.0.0.4 --local 127.0.0.5 <"$tmp/input"
client=$started
WAIT_FOR 10 confirmed 127.0.0.4
WAIT_FOR 10 confirmed 127.0.0.5
echo "over one of two paths" >&9
WAIT_FOR 10 grep -q "over one of two paths" "$tmp/two.out"
kill "$client"
ENDED "$client" 0
ENDED "$listener" 0
