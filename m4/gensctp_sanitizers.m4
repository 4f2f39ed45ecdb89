# --enable-fuzzers, which implies --enable-asan: FUZZ_CFLAGS instrument the
# library, FUZZ_LDFLAGS link a fuzz target.
AC_DEFUN([GENSCTP_FUZZERS], [
AC_ARG_ENABLE([fuzzers],
  [AS_HELP_STRING([--enable-fuzzers],
    [build the libFuzzer targets in fuzz/ (needs CC=clang)])],
  [], [enable_fuzzers=no])
FUZZ_CFLAGS=
FUZZ_LDFLAGS=
AS_IF([test "$enable_fuzzers" = yes],
  [enable_asan=yes
   FUZZ_CFLAGS=-fsanitize=fuzzer-no-link
   FUZZ_LDFLAGS=-fsanitize=fuzzer
   GENSCTP_REQUIRE_FLAGS([$FUZZ_CFLAGS])])
AC_SUBST([FUZZ_CFLAGS])
AC_SUBST([FUZZ_LDFLAGS])
AM_CONDITIONAL([FUZZERS], [test "$enable_fuzzers" = yes])
])

# --enable-asan, --enable-tsan: SANITIZER_FLAGS for compiler and linker, and
# gensctp_sanitizers for the summary. One of the two at a time.
AC_DEFUN([GENSCTP_SANITIZERS], [
AC_ARG_ENABLE([asan],
  [AS_HELP_STRING([--enable-asan],
    [build with address and undefined behaviour sanitizers])])
AC_ARG_ENABLE([tsan],
  [AS_HELP_STRING([--enable-tsan], [build with the thread sanitizer])],
  [], [enable_tsan=no])

SANITIZER_FLAGS=
gensctp_sanitizers=none
AS_CASE([$enable_asan,$enable_tsan],
  [yes,yes], [AC_MSG_ERROR([--enable-asan and --enable-tsan exclude each other])],
  [yes,*], [
    gensctp_sanitizers="address, undefined"
    SANITIZER_FLAGS="-fsanitize=address,undefined -fno-sanitize-recover=undefined"],
  [*,yes], [
    gensctp_sanitizers=thread
    SANITIZER_FLAGS="-fsanitize=thread"])
AS_IF([test -n "$SANITIZER_FLAGS"],
  [SANITIZER_FLAGS="$SANITIZER_FLAGS -fno-omit-frame-pointer"
   GENSCTP_REQUIRE_FLAGS([$SANITIZER_FLAGS])])
AC_SUBST([SANITIZER_FLAGS])
AC_SUBST([SANITIZERS], [$gensctp_sanitizers])
AM_CONDITIONAL([SANITIZED], [test "$gensctp_sanitizers" != none])
])

# GENSCTP_REQUIRE_FLAGS(FLAGS): the compiler links a program with them, or
# configure ends.
AC_DEFUN([GENSCTP_REQUIRE_FLAGS], [
AC_MSG_CHECKING([whether $CC takes $1])
gensctp_saved_CFLAGS=$CFLAGS
CFLAGS="$CFLAGS $1"
AC_LINK_IFELSE([AC_LANG_PROGRAM],
  [AC_MSG_RESULT([yes])],
  [AC_MSG_RESULT([no])
   AC_MSG_ERROR([$CC does not take $1])])
CFLAGS=$gensctp_saved_CFLAGS
])
