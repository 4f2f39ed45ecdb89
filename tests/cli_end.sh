#!/bin/sh
# Ends: by the peer, by a count, by signals, by a closed output.
. "${srcdir:-.}/tests/cli_lib.sh"

up() { # FILE
  grep -q comm_up "$1"
}

# The input of the clients stays open: 9 writes to it.
mkfifo "$tmp/input"
exec 9<>"$tmp/input"

# SIGTERM ends a listener gracefully: its peer sees shutdown_comp.
LISTEN term </dev/null
listener=$started
CLIENT c <&9
client=$started
WAIT_FOR 10 up "$tmp/term.err"
kill "$listener"
ENDED "$listener" 0
ENDED "$client" 0
SAYS shutdown_comp "$tmp/c.err"
SAYS shutdown_comp "$tmp/term.err"

# SIGTERM ends a client gracefully, and what it was given is there.
LISTEN client --once </dev/null
listener=$started
CLIENT c <&9
client=$started
echo "a last word" >&9
WAIT_FOR 10 grep -q "a last word" "$tmp/client.out"
kill "$client"
ENDED "$client" 0
ENDED "$listener" 0
SAYS shutdown_comp "$tmp/client.err"

# A count ends both.
LISTEN count --count 3 </dev/null
printf '1\n2\n3\n' | CONNECT --wait 10s || FAIL "connect is ended by its peer"
ENDED "$started" 0
EQUAL "three messages" "$(cat "$tmp/count.out")" "1
2
3"

# Nobody reads: the association is aborted, which its peer is told.
LISTEN echo --echo </dev/null
{
  CONNECT 2>"$tmp/c.err"
  echo $? >"$tmp/status"
} <&9 | head -n 1 >"$tmp/c.out" &
echo one >&9
WAIT_FOR 10 grep -q one "$tmp/c.out"
echo two >&9
WAIT_FOR 10 [ -s "$tmp/status" ]
EQUAL "status with a closed output" "$(cat "$tmp/status")" 1
SAYS "standard output: Broken pipe" "$tmp/c.err"
WAIT_FOR 10 grep -q comm_lost "$tmp/echo.err"
kill "$started"

# A peer that does not answer the SHUTDOWN: patience ends, and it is told.
LISTEN abort </dev/null
listener=$started
CLIENT c <&9
client=$started
WAIT_FOR 10 up "$tmp/abort.err"
WAIT_FOR 10 up "$tmp/c.err"
FREEZE "$client"
kill "$listener"
wait "$listener"
status=$?
kill -CONT "$client"
EQUAL "status of a listener without patience" "$status" 6
ENDED "$client" 6
SAYS comm_lost "$tmp/c.err"

# Without standard streams.
gensctp listen --echo --udp-port 0 "$addr" "$port" <&- >&- 2>"$tmp/closed.err" &
started=$!
background="$background $started"
WAIT_FOR 10 is_listening "$tmp/closed.err"
udp=$(udp_port_in "$tmp/closed.err")
EQUAL "the echo without streams" "$(echo hello | CONNECT --count 1)" hello
gensctp connect --udp-remote-port "$udp" "$addr" "$port" <&- >&- 2>&- ||
  FAIL "connect without streams"
