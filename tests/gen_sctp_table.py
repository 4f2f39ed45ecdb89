"""Reads docs/gen_sctp.md beside include/gensctp.h and the tests: every public
name has a row, every row a name that exists and a test that exists; and every
public function is called wrongly in api_misuse.c.

Usage: gen_sctp_table.py SRCDIR"""

import pathlib
import re
import sys

PRIVATE = ("owned", "reserved", "room")  # fields


def header_names(text):
    """Functions, constants, and fields as "struct_name.field"."""
    text = re.sub(r"/\*.*?\*/", "", text, flags=re.S)
    names = set(re.findall(r"\b(gen_sctp_\w+)\s*\(", text))
    names |= set(re.findall(r"GEN_SCTP_OPT_CONSTRUCTOR\((gen_sctp_\w+)", text))
    names |= set(re.findall(r"#define (GEN_SCTP_\w+)", text))
    names -= {"GEN_SCTP_OPT_CONSTRUCTOR"}
    names |= set(re.findall(r"\btypedef \w+ (gen_sctp_\w+);", text))
    for body in re.findall(r"\benum(?: \w+)? \{(.*?)\}", text, re.S):
        names |= set(re.findall(r"\b(GEN_SCTP_\w+)", body))
    for struct, body in re.findall(
        r"\bstruct (gen_sctp_\w+) \{(.*?)\n\}", text, re.S
    ):
        names.add(struct)
        names |= {f"{struct}.{field}" for field in fields(body)}
    return names


def functions(text):
    """Without gen_sctp_."""
    return re.findall(r"\bGENSCTP_API\b[^;{(]*?\bgen_sctp_(\w+)\(", text)


def fields(body):
    """The fields of a struct, those of a union in it too."""
    body = re.sub(r"union \{(.*?)\} \w+;", r"\1", body, flags=re.S)
    for declaration in body.split(";"):
        for part in declaration.split(","):
            name = re.search(r"(\w+)(?:\[\w+\])?\s*$", part)
            if name and not name[1].startswith(PRIVATE):
                yield name[1]


def rows(text):
    """Cells of the tables that have a column of tests, with line numbers."""
    wanted = False
    for number, line in enumerate(text.splitlines(), 1):
        cells = [cell.strip() for cell in line.strip("|").split("|")]
        if not line.startswith("|"):
            wanted = False
        elif cells[-1] == "test":
            wanted = True
        elif wanted and not cells[0].startswith("--"):
            yield number, cells


def quoted(cell):
    return re.findall(r"`([^`]*)`", cell)


def tests(directory):
    """What the test column may name: "file:test" and "file.sh"."""
    found = {path.name for path in directory.glob("*.sh")}
    for path in directory.glob("*.c"):
        for test in re.findall(r"START_TEST\((\w+)\)", path.read_text()):
            found.add(f"{path.stem}:{test}")
    return found


def not_misused(text, misuse):
    for name in functions(text):
        if not re.search(rf"\b(gen_sctp_|X\(|BAD\(){name}\b", misuse):
            yield f"gen_sctp_{name} is not in api_misuse.c"


def check(top):
    text = (top / "include/gensctp.h").read_text()
    header = header_names(text)
    yield from not_misused(text, (top / "tests/api_misuse.c").read_text())
    known = tests(top / "tests")
    named = set()
    struct = None
    for number, cells in rows((top / "docs/gen_sctp.md").read_text()):
        if len(cells) != 4:
            yield f"line {number}: {len(cells)} columns"
            continue
        if not quoted(cells[1]):
            yield f"line {number}: names nothing of gensctp.h"
        for name in quoted(cells[1]):
            if name.startswith("struct "):
                name = struct = name.removeprefix("struct ")
            elif name.startswith("."):
                name = f"{struct}{name}"
            name = name.removesuffix("()")
            if name not in header:
                yield f"line {number}: {name} is not in gensctp.h"
            named.add(name)
        if not quoted(cells[3]):
            yield f"line {number}: no test"
        for test in quoted(cells[3]):
            if test not in known:
                yield f"line {number}: no test {test}"
    for name in sorted(header - named):
        yield f"no row for {name}"


if __name__ == "__main__":
    wrong = list(check(pathlib.Path(sys.argv[1])))
    print(*wrong, sep="\n")
    sys.exit(bool(wrong))
