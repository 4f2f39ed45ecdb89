#!/bin/sh
# --capture: Wireshark sees SCTP, nothing malformed, no bad checksum.
. "${srcdir:-.}/tests/cli_lib.sh"
NEED tshark

LISTEN data --once --capture "$tmp/listen.pcapng" </dev/null
head -c 200000 /dev/urandom >"$tmp/file"
CHECK "connect" CONNECT --wait 0 --block 50000 --capture "$tmp/connect.pcapng" \
  <"$tmp/file"
ENDED "$started" 0

# A line a packet: protocols, checksum, malformed or not, chunk types.
decode() { # FILE
  tshark -r "$1" -d "udp.port==$udp,sctp" -o "sctp.checksum:CRC 32c" -T fields \
    -e frame.protocols -e sctp.checksum.status -e _ws.malformed \
    -e sctp.chunk_type 2>"$tmp/tshark.err" >"$1.txt" ||
    FAIL "tshark: $(cat "$tmp/tshark.err")"
}

for file in listen connect; do
  packets=$tmp/$file.pcapng.txt
  decode "$tmp/$file.pcapng"
  for type in 1 2 10 11 0 3 7 8 14; do # INIT .. SHUTDOWN COMPLETE
    cut -f 4 "$packets" | tr ',' '\n' | grep -qx "$type" ||
      FAIL "no chunk of type $type in $file: $(cat "$packets")"
  done
  EQUAL "packets of $file that are not SCTP" \
    "$(cut -f 1 "$packets" | grep -vc ':udp:sctp')" 0
  EQUAL "checksums of $file" "$(cut -f 2 "$packets" | sort -u)" 1
  EQUAL "malformed packets of $file" "$(cut -f 3 "$packets" | sort -u)" ""
done
EQUAL "both saw the same number of packets" \
  "$(wc -l <"$tmp/listen.pcapng.txt")" "$(wc -l <"$tmp/connect.pcapng.txt")"
