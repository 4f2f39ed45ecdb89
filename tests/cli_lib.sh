# For the tests of the command: listeners on free UDP ports, what a run gave.
. "${srcdir:-.}/tests/lib.sh"

addr=127.0.0.1
port=5000 # SCTP's: every listener has a UDP port of its own

# Sets $free, a UDP port of 127.0.0.1 that is free, for programs that do not
# tell which one they found. It is below those that systems give to who asks for
# any, so that nobody gets it meanwhile.
tried=0
FREE_PORT() {
  until
    free=$((10000 + ($$ * 16 + tried) % 20000))
    tried=$((tried + 1))
    gensctp nat --end 1ms "127.0.0.1:9=$free" </dev/null >"$tmp/free" 2>&1
  do
    [ "$tried" -lt 100 ] || FAIL "no UDP port is free: $(cat "$tmp/free")"
  done
}

# The UDP port that a listener has found.
udp_port_in() { # FILE
  sed -n 's/.*SCTP port [0-9]*, UDP port \([0-9]*\)$/\1/p' "$1" | head -n 1
}

is_listening() { # FILE
  [ -n "$(udp_port_in "$1")" ]
}

# BACKGROUND NAME COMMAND...: until the test ends, with the standard input of
# the caller, output in $tmp/NAME.out, errors in $tmp/NAME.err. Sets $started.
BACKGROUND() {
  name=$1
  shift
  : >"$tmp/$name.out"
  : >"$tmp/$name.err"
  exec 8<&0
  "$@" <&8 >"$tmp/$name.out" 2>"$tmp/$name.err" &
  started=$!
  background="$background $started"
  exec 8<&-
}

# LISTEN NAME [OPTION...]: a listener in the background. Sets $udp, $started.
LISTEN() {
  name=$1
  shift
  BACKGROUND "$name" gensctp listen --udp-port 0 "$@" "$addr" "$port"
  WAIT_FOR 10 is_listening "$tmp/$name.err"
  udp=$(udp_port_in "$tmp/$name.err")
}

# CLIENT NAME [OPTION...]: to the last listener, in the background. Sets
# $started.
CLIENT() {
  name=$1
  shift
  BACKGROUND "$name" gensctp connect --udp-remote-port "$udp" "$@" "$addr" \
    "$port"
}

# CONNECT [OPTION...]: to the last listener, without events.
CONNECT() {
  gensctp connect --quiet --udp-remote-port "$udp" "$@" "$addr" "$port"
}

# STATUS WANTED COMMAND...: it ends with that status; what it says is in
# $tmp/said.
STATUS() {
  wanted=$1
  shift
  "$@" >"$tmp/said" 2>&1 </dev/null
  got=$?
  [ "$got" -eq "$wanted" ] ||
    FAIL "$*: status $got, not $wanted: $(cat "$tmp/said")"
}

# ENDED PID WANTED: the process ends with that status.
ENDED() {
  wait "$1"
  EQUAL "status of process $1" "$?" "$2"
}

# SAYS TEXT FILE
SAYS() {
  grep -qF -- "$1" "$2" || FAIL "$2 does not say '$1': $(cat "$2")"
}

is_stopped() { # PID
  case $(ps -o stat= -p "$1") in
  T*) ;;
  *) return 1 ;;
  esac
}

# FREEZE PID: it answers nothing until it gets SIGCONT, which must come before
# the test can end.
FREEZE() {
  kill -STOP "$1"
  WAIT_FOR 10 is_stopped "$1"
}
