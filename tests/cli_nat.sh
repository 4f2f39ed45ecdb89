#!/bin/sh
# shellcheck disable=SC2119,SC2317 # CONNECT needs no option; WAIT_FOR calls
# gensctp nat between two processes: what passes, what its commands do, and
# peers that have usrsctp and nothing of ours.
. "${srcdir:-.}/tests/cli_lib.sh"

packaged=/usr/lib/usrsctp

is_said() { # TEXT FILE
  grep -qF -- "$1" "$2"
}

# NAT [OPTION...] TARGET...: in the background, told by lines to descriptor 9.
# Sets $nat and $at, the port that its last face or forward is at.
NAT() {
  rm -f "$tmp/commands"
  mkfifo "$tmp/commands"
  exec 9<>"$tmp/commands"
  BACKGROUND nat gensctp nat "$@" <"$tmp/commands"
  nat=$started
  WAIT_FOR 10 is_said ", at 127.0.0.1:" "$tmp/nat.err"
  at=$(sed -n 's/.*, at 127\.0\.0\.1:\([0-9]*\)$/\1/p' "$tmp/nat.err" |
    tail -n 1)
}

# TELL COMMAND SAYS: once it says so, the command is done.
TELL() {
  echo "$1" >&9
  WAIT_FOR 10 is_said "$2" "$tmp/nat.err"
}

END_NAT() {
  echo quit >&9
  ENDED "$nat" 0
}

# SESSION NAME COMMAND...: in the background, told by lines to descriptor 7.
SESSION() {
  name=$1
  shift
  rm -f "$tmp/lines"
  mkfifo "$tmp/lines"
  exec 7<>"$tmp/lines"
  BACKGROUND "$name" "$@" <"$tmp/lines"
}

# SAY TEXT FILE: a line that has to arrive there.
SAY() {
  echo "$1" >&7
  WAIT_FOR 20 is_said "$1" "$2"
}

# TRANSFER FILE: lines that are on their way when the mappings change all
# arrive there, once and in order.
TRANSFER() {
  echo "impair out delay=50ms" >&9
  TELL stats "counters"
  seq -f "first %04g" 500 >"$tmp/first"
  seq -f "second %04g" 500 >"$tmp/second"
  cat "$tmp/first" >&7
  TELL "rebind" "rebound: what port"
  cat "$tmp/second" >&7
  WAIT_FOR 60 is_said "second 0500" "$1"
  grep -E "^(first|second) [0-9]{4}$" "$1" >"$tmp/arrived"
  cat "$tmp/first" "$tmp/second" >"$tmp/all"
  CHECK "all arrives in order" cmp "$tmp/all" "$tmp/arrived"
}

# REBOUND FILE: what is said before and after the mappings change arrives there.
REBOUND() {
  SAY "before it" "$1"
  TELL "rebind" "rebound: what port"
  SAY "after it" "$1"
}

# ---------------------------------------------------------- peers of our own

for type in full-cone address-restricted port-restricted symmetric; do
  LISTEN server --echo </dev/null
  server=$started
  NAT --type "$type" "127.0.0.1:$udp"
  SESSION client gensctp connect -R "$at" "$addr" "$port"
  REBOUND "$tmp/client.out"
  TELL stats "mappings 2, expired 0, rebound 1"
  kill "$started"
  ENDED "$started" 0
  END_NAT
  kill "$server"
  ENDED "$server" 0
done

# A server inside, by a forwarded port; what gets lost is sent again.
LISTEN server --echo </dev/null
server=$started
NAT --impair-out loss=10%,seed=4 --impair-in loss=10%,delay=5ms \
  --forward "127.0.0.1:$udp"
udp=$at
head -c 1000000 /dev/urandom >"$tmp/file"
CHECK "through a forwarded port" CONNECT --binary --block 10000 --count 100 \
  --rto-min 50ms <"$tmp/file" >"$tmp/back"
CHECK "nothing is changed" cmp "$tmp/file" "$tmp/back"
END_NAT
# It may wait for the last packet of the association, lost.
kill "$server"
wait "$server"
SAYS "forwarded yes" "$tmp/nat.err"
grep -q "lost [1-9]" "$tmp/nat.err" || FAIL "nothing was lost"

# A bulk whose mappings change all the time: the line keeps it long enough, and
# heartbeats tell the server where to send what it has left at the end.
for type in port-restricted symmetric; do
  LISTEN server --echo --rto-min 50ms </dev/null
  server=$started
  NAT --type "$type" --rebind 200ms --impair-out delay=20ms,rate=10M \
    "127.0.0.1:$udp"
  udp=$at
  CHECK "across rebindings, $type" CONNECT --binary --block 10000 \
    --count 100 --rto-min 50ms --heartbeat 50ms <"$tmp/file" >"$tmp/back"
  CHECK "nothing is changed" cmp "$tmp/file" "$tmp/back"
  END_NAT
  # It may wait for the last packet of the association, lost.
  kill "$server"
  wait "$server"
  SAYS "rebound: what port" "$tmp/nat.err"
done

# Mappings that nothing passes expire; not sooner than an answer comes.
has_expired() {
  echo stats >&9
  grep -q "expired [1-9]" "$tmp/nat.err"
}
LISTEN server --echo </dev/null
server=$started
NAT --timeout 1s "127.0.0.1:$udp"
udp=$at
echo | CONNECT >/dev/null || FAIL "no association through $at"
WAIT_FOR 10 has_expired
END_NAT
kill "$server"
wait "$server"

# An end by the clock, with the figures.
NAT --end 20ms 127.0.0.1:9
ENDED "$nat" 0
SAYS "mappings 0, expired 0" "$tmp/nat.err"

# Ports as asked for, JSON, rebinding by the clock, an interrupt.
FREE_PORT
NAT --rebind 20ms "192.0.2.1:9899=$free"
EQUAL "the face" "$at" "$free"
WAIT_FOR 10 is_said "rebound: what port" "$tmp/nat.err"
TELL "rebind address" "needs several --outside"
TELL "dance" "not understood: dance"
TELL "impair sideways loss=1%" "not understood: impair sideways"
kill "$nat"
ENDED "$nat" 0
gensctp nat --json "127.0.0.1:9" </dev/null >"$tmp/json" &
nat=$!
background="$background $nat"
WAIT_FOR 10 is_said '{"type":"face","remote":"127.0.0.1:9","at":"' "$tmp/json"
kill "$nat"
ENDED "$nat" 0
SAYS '{"type":"counters","out":0,' "$tmp/json"
SAYS '{"type":"line_in","passed":0,' "$tmp/json"

# A rebinding that cannot be: everything stays as it was, until it can.
LISTEN server --echo </dev/null
server=$started
NAT --outside 127.0.0.1 --outside 127.0.0.2 --forward "127.0.0.1:$udp"
udp=$at
BACKGROUND taken gensctp listen --udp-port "$at" 127.0.0.2 "$port" </dev/null
taken=$started
WAIT_FOR 10 is_listening "$tmp/taken.err"
TELL "rebind address" "rebind address: Address already in use"
EQUAL "by the old mapping" "$(echo still here | CONNECT)" "still here"
kill "$taken"
ENDED "$taken" 0
TELL "rebind address" "rebound: what address"
addr=127.0.0.2
EQUAL "by the new one" "$(echo moved | CONNECT)" "moved"
addr=127.0.0.1
END_NAT
SAYS "rebound 1" "$tmp/nat.err"
kill "$server"
ENDED "$server" 0
STATUS 7 gensctp nat --outside 203.0.113.7 --forward 127.0.0.1:9=4000
SAYS "--forward 127.0.0.1:9=4000, UDP port 4000: Cannot assign" "$tmp/said"

# Both sides of a NAT in one file: what was lost on its line, or came from a
# stranger, is on one side only.
PACKETS() { # SIDE DIRECTION
  awk -v side="$1" -v way="$2" '$1 == side && $2 ~ way "$"' "$tmp/packets" |
    wc -l | tr -d ' '
}
ADDRESSES() { # SIDE DIRECTION
  awk -v side="$1" -v way="$2" '$1 == side && $2 ~ way "$" {
    print $3 ":" $4, $5 ":" $6 }' "$tmp/packets" | sort -u
}
FIGURE() { # LINE NAME
  sed -n "s/^gensctp: $1:.* $2 \([0-9]*\).*/\1/p" "$tmp/nat.err" | tail -n 1
}
has_lost() {
  echo stats >&9
  grep -q "lost [1-9]" "$tmp/nat.err"
}

STATUS 1 gensctp nat --capture "$tmp/no/such/file" 127.0.0.1:9
SAYS "capture to $tmp/no/such/file" "$tmp/said"
if command -v tshark >/dev/null; then
  LISTEN server --echo </dev/null
  server=$started
  NAT --outside 127.0.0.2 --capture "$tmp/nat.pcapng" "127.0.0.1:$udp"
  SESSION client gensctp connect -R "$at" --rto-min 50ms "$addr" "$port"
  SAY "through it" "$tmp/client.out"
  TELL stats "line_in: passed"
  mapping=$(sed -n 's/.*, outside \([0-9.:]*\),.*/\1/p' "$tmp/nat.err")
  host=$(sed -n 's/.*inside \([0-9.:]*\),.*/\1/p' "$tmp/nat.err")
  # A stranger.
  STATUS 5 gensctp connect -R "${mapping#*:}" --timeout 100ms 127.0.0.2 "$port"
  echo "impair out loss=100%" >&9
  echo "lost at first" >&7
  WAIT_FOR 10 has_lost
  echo "impair out loss=0%" >&9
  WAIT_FOR 20 is_said "lost at first" "$tmp/client.out"
  kill "$started"
  ENDED "$started" 0
  END_NAT
  kill "$server"
  ENDED "$server" 0

  tshark -r "$tmp/nat.pcapng" -d "udp.port==0-65535,sctp" -T fields \
    -o "sctp.checksum:CRC 32c" -e frame.interface_name \
    -e frame.packet_flags_direction -e ip.src -e udp.srcport -e ip.dst \
    -e udp.dstport -e sctp.checksum.status -e _ws.malformed \
    >"$tmp/packets" 2>"$tmp/tshark.err" || FAIL "tshark: $(cat "$tmp/tshark.err")"
  EQUAL "checksums" "$(cut -f 7,8 "$tmp/packets" | sort -u)" "1	"
  EQUAL "sent outside" "$(PACKETS outside 2)" "$(FIGURE counters out)"
  EQUAL "sent inside" "$(PACKETS inside 2)" "$(FIGURE counters in)"
  EQUAL "come inside" "$(PACKETS inside 1)" \
    $(($(FIGURE counters out) + $(FIGURE line_out lost)))
  EQUAL "come outside" "$(PACKETS outside 1)" \
    $(($(FIGURE counters in) + $(FIGURE counters filtered)))
  CHECK "something was lost" [ "$(FIGURE line_out lost)" -gt 0 ]
  CHECK "somebody was a stranger" [ "$(FIGURE counters filtered)" -gt 0 ]
  EQUAL "before it is translated" "$(ADDRESSES inside 1)" "$host 127.0.0.1:$at"
  EQUAL "translated" "$(ADDRESSES outside 2)" "$mapping 127.0.0.1:$udp"
  EQUAL "and back" "$(ADDRESSES inside 2)" "127.0.0.1:$at $host"
else
  echo "SKIP: captures: no tshark"
fi

# ----------------------------------------------------------- packaged peers

[ -x "$packaged/client" ] ||
  SKIP "peers of others: no $packaged/client (package libusrsctp-examples)"
NEED stdbuf

# Their client inside.
for type in port-restricted symmetric; do
  LISTEN server --echo </dev/null
  server=$started
  NAT --type "$type" "127.0.0.1:$udp"
  FREE_PORT
  SESSION client stdbuf -oL "$packaged/client" 127.0.0.1 "$port" 0 "$free" "$at"
  WAIT_FOR 10 is_said "state comm_up" "$tmp/server.err"
  SAY "before it" "$tmp/client.out"
  TRANSFER "$tmp/client.out"
  kill -9 "$started"
  wait "$started" 2>/dev/null
  END_NAT
  kill "$server"
  wait "$server"
done

# Their server outside, our client inside; and their server inside.
for way in face forward; do
  FREE_PORT
  udp=$free
  BACKGROUND server "$packaged/echo_server" "$udp" </dev/null
  server=$started
  if [ "$way" = face ]; then
    NAT --type symmetric "127.0.0.1:$udp"
  else
    NAT --type symmetric --forward "127.0.0.1:$udp"
  fi
  SESSION client gensctp connect --timeout 20s -R "$at" "$addr" 7
  SAY "to a server by its $way" "$tmp/client.out"
  [ "$way" = forward ] || REBOUND "$tmp/client.out"
  kill "$started"
  ENDED "$started" 0
  kill -9 "$server"
  wait "$server" 2>/dev/null
  END_NAT
done
exit 0
