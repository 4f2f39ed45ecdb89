#!/usr/bin/env python3
"""Writes the seeds of fuzz_guard: handshakes, restarts, attacks.

usage: guard_seeds.py DIRECTORY
"""
import struct
import sys

IN, OUT = 0, 1
PEER2 = 2  # 10.0.0.3
OTHER_PORT = 8
MINUTE = 2 << 5
MY_TAG, PEER_TAG, NEW_TAG, NEW_PEER_TAG = 1, 2, 3, 4


def record(how, tag, *chunks):
    body = b"".join(chunks)
    return struct.pack(">BBH", how, tag, len(body)) + body


def chunk(kind, body=b"", flags=0):
    pad = b"\0" * (-len(body) % 4)
    return struct.pack(">BBH", kind, flags, 4 + len(body)) + body + pad


def param(kind, body=b""):
    pad = b"\0" * (-len(body) % 4)
    return struct.pack(">HH", kind, 4 + len(body)) + body + pad


def ip4(last):
    return param(5, bytes((10, 0, 0, last)))


def init(kind, tag, params=b""):
    return chunk(kind, struct.pack(">IIHHI", tag, 65536, 10, 10, 1) + params)


def cookie(my_tag, peer_tag, tied=False, params=b""):
    c = b"KAME-BSD 1.1".ljust(36, b"\0")  # time, life
    c += (b"\7" if tied else b"\0") * 8 + b"\0" * 4
    c += struct.pack(">I", my_tag) + bytes((10, 0, 0, 2)).ljust(16, b"\0")
    c += struct.pack("=I", 5) + b"\0" * 24
    c += struct.pack(">HH", 6000, 5000) + b"\0" * 12
    c += init(1, peer_tag, params) + init(2, my_tag) + b"\0" * 20
    return chunk(10, c)


DATA = chunk(0, struct.pack(">IHHI", 1, 0, 0, 0) + b"x", 3)
SACK = chunk(3, struct.pack(">III", 1, 65536, 0))
AUTH = chunk(15, b"\0" * 24)
ADD_IP = chunk(0xC1, struct.pack(">I", 1) + ip4(2)
               + param(0xC001, struct.pack(">I", 5) + ip4(3)))
LISTS = (param(0x8002, b"r" * 32) + param(0x8004, b"\0\3\0\1")
         + param(0x8003, b"\xc1\x80") + param(0x8008, b"\x0f\xc1\x80\x82"))

connect = (record(OUT, 0, init(1, MY_TAG))
           + record(IN, MY_TAG, init(2, PEER_TAG, param(7, b"c") + ip4(3)))
           + record(OUT, PEER_TAG, chunk(10, b"c"))
           + record(IN, MY_TAG, chunk(11)))
accept = (record(IN, 0, init(1, PEER_TAG, LISTS))
          + record(OUT, PEER_TAG, init(2, MY_TAG))
          + record(IN, MY_TAG, cookie(MY_TAG, PEER_TAG), DATA)
          + record(OUT, PEER_TAG, chunk(11), SACK))
accept_two = accept.replace(cookie(MY_TAG, PEER_TAG) + DATA,
                            cookie(MY_TAG, PEER_TAG, False, ip4(3)))
again = (record(IN, 0, init(1, NEW_PEER_TAG))
         + record(OUT, NEW_PEER_TAG, init(2, NEW_TAG))
         + record(IN | OTHER_PORT, NEW_TAG,
                  cookie(NEW_TAG, NEW_PEER_TAG, True), DATA, SACK)
         + record(OUT, NEW_PEER_TAG, chunk(11)))
shutdown = (record(OUT, PEER_TAG, chunk(7, b"\0" * 4))
            + record(IN, MY_TAG, SACK, chunk(0x82, param(17, b"\0" * 8)))
            + record(IN, MY_TAG, chunk(8))
            + record(OUT, PEER_TAG, chunk(14)))
asconf = (record(IN | PEER2, MY_TAG, AUTH, ADD_IP)
          + record(OUT | PEER2, PEER_TAG, chunk(0x80, struct.pack(">I", 1)))
          + record(IN | PEER2, MY_TAG, SACK))
aborts = (record(IN, MY_TAG, SACK, chunk(9, b"\0\xb0\0\4"))
          + record(IN, PEER_TAG, chunk(6, b"\0\xb1\0\4", 1))
          + record(IN | MINUTE, MY_TAG, DATA))
collision = (record(OUT, 0, init(1, MY_TAG))
             + record(IN, 0, init(1, PEER_TAG))
             + record(OUT, PEER_TAG, init(2, MY_TAG))
             + record(IN, MY_TAG, cookie(MY_TAG, PEER_TAG, True))
             + record(OUT, PEER_TAG, chunk(11)))
odd_inits = (record(IN, 0, init(1, 9, param(0xC007) + param(0x8008, b"\xc1")
                                + param(0x3FFF) + ip4(3)))
             + record(IN, 0, init(1, 9, b"\x9f\xff\0\0")))

SEEDS = {
    "connect": connect + shutdown,
    "accept": accept + shutdown,
    "restart": accept + again,
    "restart_two_paths": accept_two + again,
    "asconf": accept + asconf,
    "aborts": connect + aborts,
    "collision": collision + asconf,
    "odd_inits": accept + odd_inits,
}

if __name__ == "__main__":
    for name, seed in SEEDS.items():
        for mode in (0, 1):
            with open(f"{sys.argv[1]}/{name}_{mode}", "wb") as f:
                f.write(bytes((mode,)) + seed)
