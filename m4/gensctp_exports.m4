# The shared library shows its public functions and, where it overrides them,
# the engine's; nothing else. EXPORT_CPPFLAGS mark the public ones, the rest is
# hidden; EXPORT_LDFLAGS are the linker's list.
AC_DEFUN([GENSCTP_EXPORTS], [
EXPORT_CPPFLAGS="'-DGENSCTP_API=__attribute__((visibility(\"default\")))'"
EXPORT_LDFLAGS="-export-symbols-regex ^gen_sctp_"
AS_IF([test $gensctp_windows = yes],
  [EXPORT_CPPFLAGS=
   # or the DLL needs one of the compiler's beside it
   EXPORT_LDFLAGS="$EXPORT_LDFLAGS -static-libgcc"])
AS_IF([test $gensctp_elf = yes],
  [EXPORT_LDFLAGS="-Wl,--version-script=src/libgensctp.map -Wl,-z,nodelete"
   # clang leaves a sanitizer's functions to the program
   AS_IF([test "$gensctp_sanitizers" = none],
     [AS_VAR_APPEND([EXPORT_LDFLAGS], [" -Wl,-z,defs"])])])
AC_SUBST([EXPORT_CPPFLAGS])
AC_SUBST([EXPORT_LDFLAGS])
])

# The unit tests' framework; without it only the shell tests run.
AC_DEFUN([GENSCTP_CHECK], [
PKG_CHECK_MODULES([CHECK], [check >= 0.15],
  [gensctp_check=yes],
  [gensctp_check="no (Check is missing; on Debian: apt-get install check)"])
AM_CONDITIONAL([HAVE_CHECK], [test "$gensctp_check" = yes])
])
