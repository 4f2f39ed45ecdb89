#!/bin/sh
# The three programs of the gen_sctp manual do what it says; so do Net::SCTP's
# two.
. "${srcdir:-.}/tests/cli_lib.sh"

is_up() { # FILE
  grep -q '^Listening' "$1"
}

# SERVER NAME PORT: sets $udp.
SERVER() {
  START examples/sctp_server "$addr" "$2" 0 >"$tmp/$1"
  WAIT_FOR 10 is_up "$tmp/$1"
  udp=$(sed -n 's/^Listening.* UDP port //p' "$tmp/$1")
}

SERVER one 2006
udp1=$udp
SERVER two 2007
udp2=$udp

CHECK "the client" examples/sctp_client "$addr" 2006 "$udp1" 200 >"$tmp/client"
EQUAL "what the client says" "$(sed 1d "$tmp/client")" "ok
Invalid argument
ok"
SAYS "Connection Successful" "$tmp/client"
WAIT_FOR 10 grep -q comm_lost "$tmp/one"
SAYS ': stream 0 "Test 0"' "$tmp/one"
SAYS 'sctp_assoc_change comm_up, error ok' "$tmp/one"
SAYS 'sctp_assoc_change comm_lost, error User Initiated Abort' "$tmp/one"
! grep -q "Test 5" "$tmp/one" || FAIL "Test 5 was sent"

# One peer answers, at the other one nobody listens on that port.
START examples/connect_init_client "$addr" 2006 "$addr" 2007 "$udp1" "$udp2" \
  >"$tmp/both"
START examples/connect_init_client "$addr" 2006 "$addr" 2008 "$udp1" "$udp2" \
  >"$tmp/one_of_two"
both() { # FILE STATE
  grep -q "^Association 1 connect result: comm_up" "$1" &&
    grep -q "^Association 2 connect result: $2" "$1"
}
WAIT_FOR 20 both "$tmp/both" comm_up
WAIT_FOR 20 both "$tmp/one_of_two" cant_assoc

# REPLY NAME [-1]: a server, and two clients one after the other.
REPLY() {
  name=$1
  shift
  START examples/reply_server "$@" "$addr:2010" 0 >"$tmp/$name"
  WAIT_FOR 10 is_up "$tmp/$name"
  udp=$(sed -n 's/^Listening.* UDP port //p' "$tmp/$name")
  for client in 1 2; do
    CHECK "client $client" \
      examples/reply_client "$addr:2010" "$udp" >"$tmp/$name.$client"
    EQUAL "what client $client says" "$(cat "$tmp/$name.$client")" \
      "Received message: I am the Server!!
Size of: 17"
  done
  EQUAL "what the server heard" \
    "$(grep -c 'Receiving Message: I am the Client!!' "$tmp/$name")" 2
}
REPLY one_to_many
REPLY one_to_one -1

[ -x examples/poll_echo ] || exit 0
mkfifo "$tmp/input"
exec 9<>"$tmp/input"
BACKGROUND echo examples/poll_echo 2006 0 <"$tmp/input"
WAIT_FOR 10 is_up "$tmp/echo.out"
udp=$(sed -n 's/^Listening.* UDP port //p' "$tmp/echo.out")
port=2006
EQUAL "the echo" "$(echo hello | CONNECT --count 1)" hello
