#!/bin/sh
# Wrong command lines are status 2 and say what is wrong; help is complete.
. "${srcdir:-.}/tests/cli_lib.sh"

# WRONG TEXT WORD...: the command line is refused with that text.
WRONG() {
  text=$1
  shift
  STATUS 2 gensctp "$@"
  SAYS "$text" "$tmp/said"
}

WRONG "usage: gensctp COMMAND"
WRONG "usage: gensctp COMMAND" nonsense
WRONG "unknown command: nonsense" nonsense
WRONG "which SCTP port?" listen
WRONG "70000: not an SCTP port" listen 70000
WRONG "http: not an SCTP port" listen http
WRONG "300.0.0.1: not an IP address" listen 300.0.0.1 5000
WRONG "unknown option --nonsense" listen --nonsense 5000
WRONG "unknown option -Z" listen -jZ 5000
WRONG "unknown option --once" connect --once localhost 5000
WRONG "--json takes no value" listen --json=yes 5000
WRONG "--stream needs a value" listen 5000 --stream
WRONG "--stream 65536: not a number from 0 to 65535" listen --stream 65536 5000
WRONG "--stream -1: not a number" listen --stream -1 5000
WRONG "--stream 1x: not a number" listen -s1x 5000
WRONG "--block 1q: not a size" listen --block 1q 5000
WRONG "--block 0: not a size" listen --block 0 5000
WRONG "--timeout 10: not a time with its unit" connect --timeout 10 host 5000
for addrs in host 127.0.0.1/ 127.0.0.1//127.0.0.2 127.0.0.1,x /; do
  WRONG "--local $addrs: not IP addresses" connect --local "$addrs" host 5000
done
many=127.0.0.1$(printf '/127.0.0.1%.0s' $(seq 31))
WRONG "$many/::1: not IP addresses" listen --local "$many/::1" 5000
WRONG "--local ::1: not IP addresses" listen --local "$many" --local ::1 5000
WRONG "::1: not an IP address, or too many" listen --local "$many" ::1 5000
for which in bound all,route any 127.0.0.1/:: "$many"; do
  WRONG "--advertise $which: not reachable, all, route" \
    listen --advertise "$which" 5000
done
WRONG "--advertise: a socket with local addresses" listen -A all 127.0.0.1 5000
WRONG "--advertise: a socket with local addresses" \
  connect -A route --local 127.0.0.1 host 5000
WRONG "--block has no lines" listen -b 1k -S 5000
WRONG "--rto-min is above --rto-max" listen --rto-max 500ms 5000
WRONG "give HOST and PORT" connect localhost
WRONG "give HOST and PORT" connect localhost 5000 6000
WRONG "0: not an SCTP port" connect localhost 0
WRONG "not a list of addresses: missing address" connect 127.0.0.1//127.0.0.2 5000
WRONG ": not a HOST; the PORT is a word of its own" connect "" 5000
for host in 127.0.0.1:5007 localhost:5007 "[::1]:5007" \
  "127.0.0.1/127.0.0.2:5007"; do
  WRONG "$host: not a HOST; the PORT is a word of its own" connect "$host" 5007
done
WRONG "224.0.0.1: a multicast address cannot be" connect 224.0.0.1 5000
WRONG "ff02::1: a multicast address cannot be" connect ff02::1 5000
WRONG "a multicast address cannot be" connect 127.0.0.1/239.1.2.3 5000
WRONG "a broadcast address cannot be" connect 255.255.255.255 5000
WRONG "fe80::1: a link-local address needs a zone" connect fe80::1 5000
WRONG "--impair needs a value" listen --impair "" 5000
WRONG "--impair needs a value" listen --impair= 5000
WRONG "--impair: not understood: delay=20" listen --impair loss=1%,delay=20 5000
SAYS "times need a unit" "$tmp/said"
WRONG "nothing expected" info everything
WRONG "give the PORT" status
WRONG "give the PORT" status 9900 9901
for port in x 0 70000 127.0.0.1: :x "" "[::1" a..b:9900; do
  WRONG "$port: not [HOST:]PORT" status "$port"
done
WRONG "--count needs --interval" status --count 2 9900
WRONG "--interval 1: not a time" status --interval 1 9900
WRONG "unknown option --capture" status --capture "$tmp/x" 9900
WRONG "nothing expected" nat --scenario file everything
WRONG "give the remotes" nat
WRONG "cone: not full-cone" nat --type cone 127.0.0.1:9
WRONG "127.0.0.1: not HOST:PORT" nat 127.0.0.1
WRONG "70000: not a UDP port" nat 127.0.0.1:9=70000
WRONG "[::1]:9: of another family" nat "[::1]:9"
WRONG "--inside any: not an IP address" nat --inside any 127.0.0.1:9
WRONG "--outside takes single addresses" nat --outside any 127.0.0.1:9
WRONG "--rebind-address needs several" nat --rebind-address 127.0.0.1:9
WRONG "--end 10: not a time" nat --end 10 127.0.0.1:9
WRONG "missing port" nat 127.0.0.1:0
WRONG "--impair-in: not understood: loss=x" nat --impair-in loss=x 127.0.0.1:9
WRONG "give HOST and PORT" perf
WRONG "which SCTP port?" perf --listen
WRONG "65535: not so many SCTP ports" perf --listen --threads 2 65535
WRONG "65535: not so many SCTP ports" perf --threads 2 localhost 65535
WRONG "--test speed: not throughput" perf --test speed localhost 5000
WRONG "--mode 0: not passive" perf --mode 0 localhost 5000
WRONG "--mode 32768: not passive" perf --listen --mode 32768 5000
WRONG "--size 0: not a size" perf --size 0 localhost 5000
WRONG "--size is above --sndbuf" perf --size 5M localhost 5000
WRONG "--time 10: not a time" perf --time 10 localhost 5000
WRONG "--mtu 575: not a number from 576" perf --mtu 575 localhost 5000
WRONG "of one association" perf --test echo -a 2 localhost 5000
WRONG "not with poll" perf --test echo --mode poll localhost 5000

for command in listen connect status info nat perf; do
  STATUS 0 gensctp "$command" --help
  SAYS "usage: gensctp $command" "$tmp/said"
  EQUAL "lines of $command --help that are too long" \
    "$(awk 'length > 79' "$tmp/said")" ""
done
STATUS 0 gensctp --help
SAYS "connect" "$tmp/said"
STATUS 0 gensctp --version
SAYS "gensctp " "$tmp/said"
