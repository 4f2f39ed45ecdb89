#!/bin/sh
# docs/ci.md shows the files of examples/ci, and their test passes with the
# programs that it names.
. "${srcdir:-.}/tests/lib.sh"

shown() { # LANGUAGE: what the page has in such a block
  sed -n "/^\`\`\`$1\$/,/^\`\`\`\$/p" "$srcdir/docs/ci.md" | grep -v '^```'
}

shown yaml | diff - "$srcdir/examples/ci/workflow.yml" ||
  FAIL "docs/ci.md shows another workflow (<) than examples/ci (>)"
shown sh | diff - "$srcdir/examples/ci/sctp-test.sh" ||
  FAIL "docs/ci.md shows another test (<) than examples/ci (>)"

said=$("$srcdir/examples/ci/sctp-test.sh" examples/reply_server \
  examples/reply_client) || FAIL "the test fails"
echo "$said"
if gensctp info | grep -q '^multihoming *yes'; then
  EQUAL "what it says" "$said" "ok: one path
ok: two paths"
else
  EQUAL "what it says" "$said" "ok: one path
skipped: two paths, see gensctp info"
fi
