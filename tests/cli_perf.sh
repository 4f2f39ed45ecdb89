#!/bin/sh
# shellcheck disable=SC2317 # WAIT_FOR calls functions
# gensctp perf: every test in every way of waiting sends what it was told to,
# and all of it arrives; figures are not looked at.
. "${srcdir:-.}/tests/cli_lib.sh"
NEED python3

# SERVE NAME [OPTION...]: a server in the background. Sets $udp, $started.
SERVE() {
  name=$1
  shift
  BACKGROUND "$name" gensctp perf --listen --udp-port 0 "$@" "$addr" "$port"
  WAIT_FOR 10 is_listening "$tmp/$name.err"
  udp=$(udp_port_in "$tmp/$name.err")
}

# PERF CHECKS OPTION...: a client of the last server. Checks are Python about the
# fields of its result, see the end.
PERF() {
  echo "$1" >>"$tmp/checks"
  shift
  gensctp perf --json --udp-remote-port "$udp" "$@" "$addr" "$port" \
    >>"$tmp/results" || FAIL "perf $*: status $?"
}

LATENCIES='0 < min_ns <= p50_ns <= p90_ns <= p99_ns <= p999_ns <= max_ns'

for mode in passive poll true once 3; do
  SERVE server --mode "$mode" --sndbuf 64k --recbuf 64k --streams 2
  PERF 'arrived_messages == messages == 600 and arrived_bytes == 600 * 1000' \
    --mode "$mode" --count 100 --size 1000 --associations 6 --streams 2
  PERF "arrived_messages == messages == 40 and $LATENCIES" \
    --mode "$mode" --test pingpong --count 20 --size 64 --associations 2
  PERF "ended == 8 and per_second > 0 and $LATENCIES" \
    --mode "$mode" --test associations --count 2 --associations 4
  kill "$started"
  ENDED "$started" 0
  SAYS "associations      17" "$tmp/server.out"
  SAYS "messages          640" "$tmp/server.out"
done

# Messages in parts; several threads; both directions at once; a bad line; a
# small path MTU; a UDP port for each.
SERVE server --threads 3
PERF 'arrived_bytes == bytes == 3 * 2 * 200 * 1024' --threads 3 --count 2 \
  --size 200k --sndbuf 1M
PERF 'arrived_messages == messages == 600' --threads 3 --count 200 \
  --test echo --mtu 1500
PERF 'arrived_messages == 100' --count 100 --rto-min 20ms --rto-max 100ms \
  --impair loss=2%,seed=1
PERF 'associations == 70 and setup_ms >= 0 and time_ms >= 10' --test idle \
  --associations 70 --time 10ms --own-ports --heartbeat 0

# Progress, where it is asked for; an interrupt ends the time.
BACKGROUND client gensctp perf --progress --time 1h -R "$udp" "$addr" "$port"
is_under_way() {
  grep -q "^gensctp: progress: time ms 1" "$tmp/client.err"
}
WAIT_FOR 20 is_under_way
kill "$started"
ENDED "$started" 0
SAYS "messages per second" "$tmp/client.out"

# Nobody there.
STATUS 3 gensctp perf -R "$udp" "$addr" 5999
SAYS "SCTP port 5999" "$tmp/said"

CHECK "results" python3 - "$tmp/checks" "$tmp/results" <<'END'
import json, sys
checks = open(sys.argv[1]).read().splitlines()
results = [json.loads(line) for line in open(sys.argv[2])]
assert len(results) == len(checks) > 0
for check, result in zip(checks, results):
    assert result["type"] == "perf", result
    assert eval(check, {}, result), (check, result)
END
exit 0
