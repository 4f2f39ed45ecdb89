# EXPORT_LDFLAGS: the shared library shows its public functions and, where it
# overrides them, the engine's; nothing else.
AC_DEFUN([GENSCTP_EXPORTS], [
AS_IF([test $gensctp_elf = yes],
  [EXPORT_LDFLAGS="-Wl,--version-script=src/libgensctp.map -Wl,-z,nodelete"],
  [EXPORT_LDFLAGS="-export-symbols-regex ^gen_sctp_"])
AC_SUBST([EXPORT_LDFLAGS])
AH_BOTTOM([
#if defined __ELF__ || defined __APPLE__
#define GENSCTP_API __attribute__((visibility("default")))
#endif])
])

# The unit tests' framework; without it only the shell tests run.
AC_DEFUN([GENSCTP_CHECK], [
PKG_CHECK_MODULES([CHECK], [check >= 0.15],
  [gensctp_check=yes],
  [gensctp_check="no (Check is missing; on Debian: apt-get install check)"])
AM_CONDITIONAL([HAVE_CHECK], [test "$gensctp_check" = yes])
])
