#!/usr/bin/env python3
"""Writes the seeds of fuzz_stack for what our own program does between the
packets; those of attacks come from tests/raw_record.c.

usage: stack_seeds.py DIRECTORY
"""
import struct
import sys

from guard_seeds import chunk, init, ip4, param

# The first byte.
SECOND_ADDRESS, ACTIVE, NOBODY, WITH_AUTH, SMALL_BUFFER = 1, 2, 4, 8, 16
# Of packets.
FROM_SECOND, FROM_STRANGER, FROM_OTHER_PORT = 1, 2, 3
TAG_ZERO = 1 << 2
# Beside packets, see acts of fuzz_stack.c.
(MOMENT, QUARTER, SECOND, MINUTE, SMALL, LARGE, EOF, ABORT, CLOSE, READING,
 PEELOFF, DROP, CONNECT, PRIMARY, LOOK, EVENTS) = (
    bytes((128 + i,)) for i in range(16))
NEW_TAG = 0x33333333


def packet(*chunks, how=0):
    body = b"".join(chunks)
    return struct.pack(">BH", how, len(body)) + body


def data(tsn, ssn=0, stream=0, flags=3, text=b"text"):
    return chunk(0, struct.pack(">IHHI", tsn, stream, ssn, 0) + text, flags)


def sack(tsn, *gaps, rwnd=1 << 20):
    return chunk(3, struct.pack(">IIHH", tsn, rwnd, len(gaps), 0)
                 + b"".join(struct.pack(">HH", *gap) for gap in gaps))


def shutdown(tsn):
    return chunk(7, struct.pack(">I", tsn))


def change(kind, correlation, address):
    return param(kind, struct.pack(">I", correlation) + address)


def asconf(serial, lookup, *changes):
    return AUTH + chunk(0xC1, struct.pack(">I", serial) + ip4(lookup)
                        + b"".join(changes))


def wildcard(serial, *changes):
    return AUTH + chunk(0xC1, struct.pack(">I", serial)
                        + param(5, b"\0\0\0\0") + b"".join(changes))


def reconfig(*requests):
    return packet(chunk(0x82, b"".join(requests)))


def forward(tsn, *streams):
    return chunk(0xC0, struct.pack(">I", tsn)
                 + b"".join(struct.pack(">HH", *s) for s in streams))


ADD, DELETE, SET_PRIMARY = 0xC001, 0xC002, 0xC004
AUTH = chunk(15, struct.pack(">HH", 0, 1) + b"\0" * 20)
COOKIE_ECHO = chunk(10, b"\0" * 4)
COOKIE_ACK = chunk(11)
SHUTDOWN_ACK = chunk(8)
SHUTDOWN_COMPLETE = chunk(14)
HEARTBEAT = chunk(4, param(1, b"\0" * 8))
FORWARD_TSN = param(0xC000)
COOKIE = param(7, b"cook")


def again(*more, params=b""):
    return (packet(init(1, NEW_TAG, FORWARD_TSN + params), how=TAG_ZERO)
            + packet(COOKIE_ECHO, *more))


fragments = (packet(data(1, flags=2, text=b"a" * 1400))
             + packet(data(2, flags=0, text=b"b" * 1400)))

SEEDS = {
    "peer_shuts_down": (0, packet(data(1)), SMALL, packet(shutdown(1)),
                        packet(SHUTDOWN_COMPLETE)),
    "we_shut_down": (ACTIVE, SMALL, EOF, packet(sack(1)),
                     packet(SHUTDOWN_ACK)),
    "both_shut_down": (0, EOF, packet(shutdown(0)), packet(SHUTDOWN_ACK)),
    "shutdown_times_out": (0, EOF, *[MINUTE] * 12),
    "shutdown_with_data": (0, LARGE, EOF, packet(shutdown(0)), packet(sack(4)),
                           packet(data(1)), packet(sack(14)),
                           packet(SHUTDOWN_ACK)),
    "close_with_data": (0, LARGE, CLOSE, packet(sack(2)), SECOND,
                        packet(sack(14)), packet(SHUTDOWN_ACK)),
    "close_unread": (0, READING, packet(data(1)), CLOSE, packet(data(2, 1)),
                     MINUTE),
    "close_and_restart": (0, SMALL, CLOSE, again(data(1))),
    "drop_with_data": (0, LARGE, DROP, packet(sack(2)), MINUTE),
    "we_abort": (SECOND_ADDRESS, LARGE, ABORT, packet(data(1))),
    "peer_aborts": (0, LARGE, packet(chunk(6, param(12, b"bye")))),
    "peeloff": (0, PEELOFF, packet(data(1)), again(data(1)), SMALL,
                packet(data(2, 1))),
    "peeloff_closed": (0, PEELOFF, CLOSE, packet(data(1)), packet(shutdown(0)),
                       packet(SHUTDOWN_COMPLETE)),
    "gaps": (0, LARGE, *[packet(sack(1, (2, 3), (5, 5)))] * 4, QUARTER,
             packet(sack(8)), SECOND, packet(sack(14))),
    "no_window": (0, packet(sack(0, rwnd=0)), LARGE, SECOND, MINUTE,
                  packet(sack(1, rwnd=0)), packet(sack(1))),
    "silent_peer": (SECOND_ADDRESS, LARGE, *[MINUTE] * 12),
    "heartbeats": (SECOND_ADDRESS, packet(HEARTBEAT), PRIMARY, LARGE, LOOK,
                   MINUTE, packet(HEARTBEAT, how=FROM_SECOND), packet(sack(2))),
    "fragments": (0, fragments, packet(data(3, flags=1))),
    "fragments_read_late": (0, READING, fragments, packet(data(4, 1)), READING,
                            packet(data(3, flags=1)), EVENTS),
    "fragments_skipped": (0, EVENTS, fragments, packet(forward(4, (0, 0))),
                          packet(data(5, 1))),
    "parts": (SMALL_BUFFER, EVENTS, fragments, packet(data(3, flags=1)),
              packet(data(4, 1))),
    "parts_skipped": (SMALL_BUFFER, EVENTS, fragments,
                      packet(forward(4, (0, 0))), packet(data(5, 1))),
    "parts_closed": (SMALL_BUFFER, fragments, CLOSE, packet(data(3, flags=1))),
    "parts_shut_down": (SMALL_BUFFER, fragments, packet(shutdown(0)),
                        packet(SHUTDOWN_COMPLETE)),
    "parts_and_restart": (SMALL_BUFFER, fragments, again(data(1)),
                          packet(data(2, 1))),
    "full_buffer": (SMALL_BUFFER, READING, fragments, fragments,
                    packet(data(3, flags=1)), packet(data(4, 1)), READING,
                    SECOND),
    "fragments_unordered": (0, packet(data(1, flags=6)),
                            packet(data(3, flags=5)), packet(data(2, flags=4)),
                            packet(data(3, flags=5))),
    "streams": (0, packet(data(2, 1, 3), data(1, 0, 3)),
                packet(data(3, 0, 4000)), packet(data(3, 7, 9)),
                packet(data(3, 7, 9))),
    "second_address": (SECOND_ADDRESS, packet(data(1), how=FROM_SECOND), SMALL,
                       packet(data(2, 1)), PRIMARY, SMALL),
    "moved": (0, packet(data(1), how=FROM_OTHER_PORT), SMALL,
              packet(data(2, 1))),
    "restart": (0, packet(data(1)), LARGE, again(data(1)), SMALL,
                again(data(1))),
    "restart_two": (SECOND_ADDRESS, packet(data(1), how=FROM_SECOND), LARGE,
                    again(data(1), params=ip4(3)), SMALL, MINUTE,
                    again(params=ip4(3))),
    "restart_fewer": (SECOND_ADDRESS | ACTIVE, PRIMARY, LARGE, again(), SMALL),
    "restart_more": (WITH_AUTH, SMALL, again(params=ip4(3)), SMALL),
    "restart_in_shutdown": (SECOND_ADDRESS, EOF, again(data(1), params=ip4(3)),
                            SMALL, packet(shutdown(0))),
    "reset_in": (0, SMALL, packet(sack(1)), reconfig(
        param(14, struct.pack(">IH", 1, 0))), SECOND),
    "reset_out": (0, packet(data(1)), reconfig(
        param(13, struct.pack(">IIIH", 1, 0, 1, 0))), packet(data(2))),
    "reset_tsn": (0, packet(data(1)), reconfig(
        param(15, struct.pack(">I", 1))), SMALL),
    "reset_unanswered": (SECOND_ADDRESS, reconfig(
        param(14, struct.pack(">IH", 1, 0))), SECOND, again(params=ip4(3))),
    "add_streams": (0, reconfig(param(17, struct.pack(">IHH", 1, 5, 0)),
                                param(18, struct.pack(">IHH", 2, 5, 0))),
                    packet(data(1, 0, 12))),
    "add_streams_after_close": (0, LARGE, CLOSE, reconfig(
        param(17, struct.pack(">IHH", 1, 5, 0))), packet(sack(14))),
    "reconfig_told": (0, EVENTS, SMALL, packet(sack(1)), reconfig(
        param(14, struct.pack(">IH", 1, 0))), reconfig(
        param(13, struct.pack(">IIIH", 2, 0, 0, 0))), reconfig(
        param(15, struct.pack(">I", 3))), reconfig(
        param(17, struct.pack(">IHH", 4, 5, 0))), SMALL),
    "reconfig_told_while_closing": (0, EVENTS, LARGE, EOF, reconfig(
        param(17, struct.pack(">IHH", 1, 5, 0))), CLOSE, reconfig(
        param(15, struct.pack(">I", 2))), packet(sack(14)), reconfig(
        param(17, struct.pack(">IHH", 3, 5, 0)))),
    "asconf_add": (WITH_AUTH, packet(asconf(1, 2, change(ADD, 1, ip4(3)))),
                   packet(data(1), how=FROM_SECOND), MINUTE, SMALL,
                   packet(asconf(2, 3, change(DELETE, 2, ip4(2))),
                          how=FROM_SECOND), SMALL),
    "asconf_delete": (WITH_AUTH | SECOND_ADDRESS,
                      packet(data(1), how=FROM_SECOND), LARGE,
                      packet(asconf(1, 2, change(DELETE, 1, ip4(3)))),
                      SECOND, packet(sack(3))),
    "asconf_primary": (WITH_AUTH | SECOND_ADDRESS, packet(
        asconf(1, 2, change(SET_PRIMARY, 1, ip4(3)))), LARGE),
    "asconf_stranger": (WITH_AUTH, packet(
        wildcard(1, change(ADD, 1, param(5, b"\0\0\0\0"))), how=FROM_SECOND),
        packet(data(1), how=FROM_SECOND), packet(wildcard(
            2, change(DELETE, 2, param(5, b"\0\0\0\0"))), how=FROM_SECOND),
        SMALL),
    "asconf_restart": (WITH_AUTH, packet(asconf(1, 2, change(ADD, 1, ip4(3)))),
                       packet(data(1), how=FROM_SECOND), again(), SMALL),
    "asconf_in_shutdown": (WITH_AUTH | SECOND_ADDRESS, LARGE, EOF, packet(
        asconf(1, 2, change(DELETE, 1, ip4(3)))), packet(sack(14)),
        packet(SHUTDOWN_ACK)),
    "accepted": (NOBODY, packet(init(1, 5, FORWARD_TSN), how=TAG_ZERO),
                 packet(COOKIE_ECHO, data(1)), SMALL),
    "connected": (NOBODY, CONNECT, packet(init(2, 5, COOKIE + FORWARD_TSN)),
                  packet(COOKIE_ACK, data(1)), SMALL, packet(sack(1))),
    "collision": (NOBODY, CONNECT, packet(init(1, 5), how=TAG_ZERO),
                  packet(init(2, 5, COOKIE)), packet(COOKIE_ECHO),
                  packet(COOKIE_ACK), SMALL),
    "refused": (NOBODY, CONNECT, packet(chunk(6))),
    "nobody_answers": (NOBODY, CONNECT, *[MINUTE] * 12),
    "nobody_acks_the_cookie": (NOBODY, CONNECT, packet(init(2, 5, COOKIE)),
                               *[MINUTE] * 12),
    "stale_cookie": (NOBODY, CONNECT, packet(init(2, 5, COOKIE)), packet(
        chunk(9, param(3, struct.pack(">I", 1000)))), packet(COOKIE_ACK)),
    "closed_while_connecting": (NOBODY, CONNECT, CLOSE,
                                packet(init(2, 5, COOKIE)), packet(COOKIE_ACK)),
    "unknown": (0, packet(chunk(0x3F), data(1)), packet(chunk(0xFF), data(1)),
                packet(chunk(9, param(8, b"\x3f\0\0\4"))),
                packet(chunk(12, b"\0" * 4)), packet(chunk(13, b"\0" * 4))),
}

for name, (first, *records) in SEEDS.items():
    with open(f"{sys.argv[1]}/{name}", "wb") as f:
        f.write(bytes((first,)) + b"".join(records))
