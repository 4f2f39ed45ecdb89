#!/usr/bin/env python3
"""Compares gensctp with plain usrsctp, TCP and UDP on loopback.

The programs of a comparison run one after the other, again and again: a round is
each of them once. Figures of a machine that others use too mean little by
themselves; the ratios within a round do. The table has the medians of both, and
the least and the largest ratio.
"""
import argparse
import json
import os
import platform
import resource
import select
import signal
import socket
import statistics
import subprocess
import sys
import time

HOST = "127.0.0.1"
SCTP_PORT = 5000
SKIPPED = 77
PATIENCE = 30  # s, beyond the time that a test takes
QUIET = 2  # s at the end of an idle time, of which the processor time is


# ------------------------------------------------------------------ programs

def free_port():
    """A port that is free for TCP and UDP, a moment ago."""
    while True:
        with socket.socket() as tcp, \
                socket.socket(type=socket.SOCK_DGRAM) as udp:
            tcp.bind((HOST, 0))
            try:
                udp.bind(tcp.getsockname())
            except OSError:
                continue
            return tcp.getsockname()[1]


class Missing(Exception):
    """A program that there is none of here."""


class Program:
    """A server and a client: how to call them for a test."""

    def __init__(self, label):
        self.label = label

    def server(self, test, port):
        raise NotImplementedError

    def client(self, test, port):
        raise NotImplementedError


class Ours(Program):
    """gensctp perf, on both sides; `extra` are options of both."""

    def __init__(self, label, path, extra=()):
        super().__init__(label)
        self.path = path
        self.extra = list(extra)

    def options(self, test):
        given = ["--threads", str(test.get("threads", 1))]
        if "mtu" in test:
            given += ["--mtu", str(test["mtu"])]
        if test["test"] == "idle":
            given += ["--heartbeat", "0"]
        return given + self.extra

    def server(self, test, port):
        return [self.path, "perf", "--listen", "--udp-port", str(port),
                *self.options(test), HOST, str(SCTP_PORT)]

    def client(self, test, port):
        given = ["--test", test["test"], "--size", str(test.get("size", 1024)),
                 "--time", "%dms" % test["time"],
                 "--associations", str(test.get("associations", 1))]
        return [self.path, "perf", "--json", "--udp-remote-port", str(port),
                *given, *self.options(test), HOST, str(SCTP_PORT)]


class Other(Program):
    """A program of this folder: words of the form name=value."""

    def __init__(self, label, path, **words):
        super().__init__(label)
        self.path = path
        self.words = words

    def call(self, test, words):
        return [self.path] + ["%s=%s" % pair
                              for pair in {**test, **self.words, **words}.items()]


class Kernel(Other):
    def server(self, test, port):
        return self.call(test, {"port": port}) + ["listen"]

    def client(self, test, port):
        return self.call(test, {"port": port})


class Plain(Other):
    def server(self, test, port):
        return self.call(test, {"port": SCTP_PORT, "udp": port}) + ["listen"]

    def client(self, test, port):
        return self.call(test, {"port": SCTP_PORT, "udp": free_port(),
                                "remote": port})


# -------------------------------------------------------------------- a run

def start(command):
    """A server or a line; returns when it says that it is ready."""
    process = subprocess.Popen(command, stdin=subprocess.DEVNULL,
                               stdout=subprocess.PIPE,
                               stderr=subprocess.STDOUT)
    select.select([process.stdout], [], [], PATIENCE)
    line = process.stdout.readline()
    if process.poll() == SKIPPED or not line or b"not supported" in line:
        process.wait()
        raise Missing(line.decode().strip())
    return process


def end(process):
    """At once: how long it would take is no part of the test."""
    process.send_signal(signal.SIGKILL)
    process.wait()
    process.stdout.close()


def line_between(ours, profile, port):
    """A line that is bad both ways, between the client and UDP port `port`."""
    face = free_port()
    return face, start([ours, "nat", "--impair-out", profile,
                        "--impair-in", profile,
                        "%s:%d=%d" % (HOST, port, face)])


def run_client(command, test, watch):
    """Its result; what is not over in time has none."""
    client = subprocess.Popen(command, stdin=subprocess.DEVNULL,
                              stdout=subprocess.PIPE,
                              stderr=subprocess.DEVNULL)
    if watch is not None:
        watch(client)
    try:
        out, _ = client.communicate(timeout=test["time"] / 1000 + PATIENCE)
    except subprocess.TimeoutExpired:
        client.kill()
        client.communicate()
        return None
    return json.loads(out) if client.returncode == 0 else None


def run_once(program, test, ours, watch=None):
    """One server, one client: the result of the client, or None."""
    test = dict(test)
    profile = test.pop("line", None)
    port = free_port()
    processes = [start(program.server(test, port))]
    try:
        if profile is not None:
            port, line = line_between(ours, profile, port)
            processes.append(line)
        return run_client(program.client(test, port), test,
                          watch and (lambda client: watch(processes[0], client)))
    finally:
        for process in processes:
            end(process)


# ----------------------------------------------------------------- idle ones

def resident(process):
    """Bytes of memory, and ns of processor time, of a process."""
    with open("/proc/%d/statm" % process.pid) as statm:
        memory = int(statm.read().split()[1]) * resource.getpagesize()
    spent = 0
    for task in os.listdir("/proc/%d/task" % process.pid):
        with open("/proc/%d/task/%s/schedstat" % (process.pid, task)) as stat:
            spent += int(stat.read().split()[0])
    return memory, spent


class IdleWatch:
    """Samples a server and its client while they hold associations."""

    def __init__(self, seconds):
        self.samples = []
        self.seconds = seconds

    def __call__(self, server, client):
        self.began = time.monotonic()
        until = self.began + self.seconds
        self.before = resident(server)[0]
        while client.poll() is None and time.monotonic() < until:
            try:
                self.samples.append((time.monotonic(), resident(server),
                                     resident(client)))
            except (OSError, IndexError):
                break
            time.sleep(0.1)

    def fields(self, result, count):
        """Of the hold: kB an association at each end, CPU of a core."""
        over = self.began + (result["setup_ms"] + result["time_ms"]) / 1000
        hold = [sample for sample in self.samples
                if over - QUIET < sample[0] < over]
        first, last = hold[0], hold[-1]
        seconds = last[0] - first[0]

        def share(end):
            return (last[end][1] - first[end][1]) / 1e9 / seconds
        return {
            "server_bytes": (last[1][0] - self.before) / count,
            "client_bytes": last[2][0] / count,
            "server_cpu": 100 * share(1), "client_cpu": 100 * share(2),
        }


def run_idle(program, test, ours):
    watch = IdleWatch(test["time"] / 1000 + PATIENCE)
    result = run_once(program, test, ours, watch)
    if result is not None:
        result.update(watch.fields(result, test["associations"]))
    return result


# --------------------------------------------------------------- comparisons

class Row:
    """A test, what is compared, and with whom: {label: target}. `less` where
    the smaller one is better. Targets are of the ratio ours / theirs; `limit`
    is of our figure itself."""

    def __init__(self, name, test, metric, programs, targets, less=False,
                 limit=None):
        self.name = name
        self.test = test
        self.metric = metric
        self.programs = programs
        self.targets = targets
        self.less = less
        self.limit = limit
        self.values = {program.label: [] for program in programs}

    def note(self, label, result):
        value = result.get(self.metric) if result is not None else None
        self.values[label].append(value)

    def ratios(self, label):
        ours = self.values[self.programs[0].label]
        return [a / b for a, b in zip(ours, self.values[label])
                if a is not None and b]

    def verdict(self, value, target):
        """What a figure or a ratio is, measured by its target."""
        if value is None or target is None:
            return ""
        met = value <= target if self.less else value >= target
        return " %s%s%g" % ("" if met else "MISSED, ",
                            "<= " if self.less else ">= ", target)


def median(values):
    known = [value for value in values if value is not None]
    return statistics.median(known) if known else None


UNITS = {
    "messages_per_second": ("msg/s", 1),
    "bytes_per_second": ("MB/s", 1e6),
    "per_second": ("1/s", 1),
    "p50_ns": ("us", 1e3),
    "p99_ns": ("us", 1e3),
    "p999_ns": ("us", 1e3),
    "setup_ms": ("ms", 1),
    "server_bytes": ("kB", 1e3),
    "client_bytes": ("kB", 1e3),
    "server_cpu": ("% CPU", 1),
    "client_cpu": ("% CPU", 1),
}


def show_value(value, metric):
    if value is None:
        return "-"
    value /= UNITS[metric][1]
    return "%.0f" % value if value >= 100 else "%.3g" % value


def show_ratio(row, label):
    """Median (least to largest), target."""
    ratios = row.ratios(label)
    if not ratios:
        return "-", ""
    return ("%.2f (%.2f to %.2f)" % (median(ratios), min(ratios), max(ratios)),
            row.verdict(median(ratios), row.targets.get(label)))


def row_lines(row):
    """The columns of a row: our figure, then each that it is compared with."""
    ours = row.programs[0].label
    figure = median(row.values[ours])
    lines = [["", ours, show_value(figure, row.metric), "",
              row.verdict(figure, row.limit)]]
    lines += [["", program.label,
               show_value(median(row.values[program.label]), row.metric),
               *show_ratio(row, program.label)]
              for program in row.programs[1:]]
    lines[0][0] = "%s, %s" % (row.name, UNITS[row.metric][0])
    return lines


def table(rows):
    lines = [["test", "program", "figure", "ratio (least to largest)",
              "target"], ["---"] * 5]
    for row in rows:
        lines += row_lines(row)
    return "\n".join("| %s |" % " | ".join(line) for line in lines)


# ------------------------------------------------------------ what is tested

def sizes(p, t):
    rows = []
    for size, rate, tcp, held in ((64, 2.5, 1.0, 2), (1024, 12, 0.6, 10),
                                  (16384, 14, 0.4, 7), (262144, 17, 0.6, 8)):
        test = {"test": "throughput", "size": size, "time": t}
        name = "%d B" % size if size < 1024 else "%d KiB" % (size // 1024)
        rows.append(Row(name, test, "messages_per_second",
                        [p["ours"], p["plain"], p["tcp"], p["sctp"]],
                        {"plain": rate, "tcp": tcp}))
        rows.append(Row(name + ", MTU 1500", {**test, "mtu": 1500},
                        "messages_per_second", [p["ours"], p["plain"]],
                        {"plain": held}))
    return rows


def many(p, t):
    test = {"test": "throughput", "size": 1024, "time": t}
    return [
        Row("64 associations, 1 KiB", {**test, "associations": 64},
            "messages_per_second", [p["ours"], p["plain"]], {"plain": 10}),
        Row("8 threads, 8 sockets, 1 KiB", {**test, "threads": 8},
            "messages_per_second", [p["ours"], p["plain"]], {"plain": 10}),
    ]


def pingpong(p, t):
    test = {"test": "pingpong", "size": 64, "time": t}
    programs = [p["ours"], p["plain"], p["udp"], p["tcp"]]
    rows = [
        Row("ping-pong 64 B, p50", test, "p50_ns", programs,
            {"plain": 0.8, "udp": 1.1}, less=True),
        Row("p99", test, "p99_ns", programs, {"plain": 0.75}, less=True),
        Row("p99.9", test, "p999_ns", programs, {}, less=True),
    ]
    if "busy" in p:
        rows.append(Row("ping-pong 64 B, busy polling, p50", test, "p50_ns",
                        [p["busy"], p["udp"]], {"udp": 1.0}, less=True))
    return rows


def associations(p, t):
    return [Row("set up and ended, %d at a time" % n,
                {"test": "associations", "associations": n, "time": t},
                "per_second", [p["ours"], p["plain"]], {"plain": target})
            for n, target in ((1, 1.8), (64, 2.5))]


def modes(p, t):
    test = {"test": "throughput", "size": 1024, "time": t}
    rows = [Row("1 KiB, mode " + mode, test, "messages_per_second",
                [p[mode], p["ours"]], {"gensctp": target})
            for mode, target in (("poll", None), ("true", 0.8), ("once", 0.8),
                                 ("100", 0.8))]
    rows.append(Row("1 KiB, both ways at once", {**test, "test": "echo"},
                    "messages_per_second", [p["ours"]], {}))
    return rows


def lines(p, t):
    """100 Mbit/s, 40 ms there and back, a queue of as much."""
    return [Row("100 Mbit/s, 40 ms, loss %s" % loss,
                {"test": "throughput", "size": 1024, "time": t,
                 "line": "delay=20ms,rate=100M,queue=500k,loss=" + loss},
                "bytes_per_second", [p["ours"], p["plain"]], {})
            for loss in ("0", "0.1%", "1%")]


def limits(p, t):
    return [Row("UDP in batches (GSO), 1452 B",
                {"test": "throughput", "time": t, "size": 1452},
                "bytes_per_second", [p["gso"]], {})]


def idle(p, t, count):
    """Heartbeats are off, but usrsctp's first timers go on for half a minute:
    the time has to be longer for the processor to have nothing to do."""
    test = {"test": "idle", "associations": count, "time": t}
    rows = []
    for where, ours in (("one UDP port", p["ours"]), ("own ports", p["own"])):
        programs = [ours, p["plain"]]
        for name, metric, target, limit in (
                ("set-up", "setup_ms", None, 3000),
                ("memory of the server, each", "server_bytes", 1.3, None),
                ("memory of the client, each", "client_bytes", 1.3, None),
                ("server", "server_cpu", None, 0.05),
                ("client", "client_cpu", None, 0.05)):
            rows.append(Row("%d idle, %s: %s" % (count, where, name), test,
                            metric, programs, {"plain": target}, less=True,
                            limit=limit))
    return rows


def all_rows(p, quick):
    t = 300 if quick else 2000
    return (sizes(p, t) + many(p, t) + pingpong(p, t) + associations(p, t) +
            modes(p, t) + lines(p, 1000 if quick else 5000) + limits(p, t) +
            idle(p, 3000 if quick else 50000, 1000 if quick else 10000))


# ----------------------------------------------------------------------- all

def all_programs(build):
    ours = os.path.join(build, "gensctp")
    kernel = os.path.join(build, "bench", "kernel")
    programs = {
        "ours": Ours("gensctp", ours),
        "own": Ours("gensctp, own ports", ours, ["--own-ports"]),
        "plain": Plain("plain", os.path.join(build, "bench", "plain")),
    }
    for mode in ("poll", "true", "once", "100"):
        programs[mode] = Ours("mode " + mode, ours, ["--mode", mode])
    for protocol in ("tcp", "udp", "gso", "sctp"):
        programs[protocol] = Kernel(protocol, kernel, protocol=protocol)
    if b"--busy-poll" in subprocess.run([ours, "perf", "--help"],
                                        stdout=subprocess.PIPE).stdout:
        programs["busy"] = Ours("busy", ours, ["--busy-poll", "1ms"])
    return programs


def groups(rows):
    """Rows of the same test and programs are measured together."""
    found = {}
    for row in rows:
        key = (json.dumps(row.test), tuple(p.label for p in row.programs))
        found.setdefault(key, []).append(row)
    return list(found.values())


def measure(group, rounds, ours, missing):
    row = group[0]
    run = run_idle if row.test["test"] == "idle" else run_once
    for i in range(rounds):
        for program in row.programs:
            if program.label in missing:
                continue
            try:
                result = run(program, row.test, ours)
            except Missing as reason:
                missing[program.label] = str(reason)
                continue
            for member in group:
                member.note(program.label, result)
            print("%s, round %d of %d: %s: %s" % (
                row.name, i + 1, rounds, program.label,
                show_value(row.values[program.label][-1], row.metric)),
                file=sys.stderr, flush=True)
    for member in group:
        member.programs = [program for program in member.programs
                           if program.label not in missing]


def machine():
    model = "unknown processor"
    with open("/proc/cpuinfo") as info:
        for line in info:
            if line.startswith("model name"):
                model = line.split(":", 1)[1].strip()
                break
    return "%s, %d cores, %s %s, load %.1f" % (
        model, os.cpu_count(), platform.system(), platform.release(),
        os.getloadavg()[0])


def raise_limit():
    """Ten thousand sockets need as many descriptors."""
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))


def save(path, rows, missing):
    with open(path, "w") as out:
        json.dump({"machine": machine(), "missing": missing,
                   "rows": [{"name": row.name, "test": row.test,
                             "metric": row.metric, "values": row.values,
                             "targets": row.targets} for row in rows]},
                  out, indent=1)


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--build", default=".", help="the build directory")
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--rounds", type=int, default=0)
    parser.add_argument("--only", default="", help="rows whose name has this")
    parser.add_argument("--json", default="", help="a file for every figure")
    options = parser.parse_args()
    rounds = options.rounds or (2 if options.quick else 7)

    raise_limit()
    began = machine()
    programs = all_programs(options.build)
    rows = [row for row in all_rows(programs, options.quick)
            if options.only in row.name]
    missing = {}
    for group in groups(rows):
        measure(group, 1 if group[0].test["test"] == "idle" else rounds,
                programs["ours"].path, missing)
    print("%s; %d rounds\n" % (began, rounds))
    print(table(rows))
    for label, reason in missing.items():
        print("\nNot here: %s (%s)" % (label, reason))
    if options.json:
        save(options.json, rows, missing)


if __name__ == "__main__":
    main()
