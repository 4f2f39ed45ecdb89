#include "peer.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <signal.h>
#include <spawn.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "api_rig.h"

#define PACKAGED "/usr/lib/usrsctp"

extern char **environ;

const char *
peer_packaged(const char *name)
{
	static char path[100];

	snprintf(path, sizeof(path), PACKAGED "/%s", name);
	if (access(path, X_OK) == 0)
		return path;
	printf("# SKIP: no %s (package libusrsctp-examples)\n", path);
	return NULL;
}

const char *
peer_built(const char *name)
{
	static char path[4096];
	ssize_t n = readlink("/proc/self/exe", path, sizeof(path) - 1);
	char *end;

	ck_assert_int_gt(n, 0);
	path[n] = '\0';
	end = strrchr(path, '/') + 1;
	/* libtool runs programs from a directory of its own. */
	if (end - path > 6 && memcmp(end - 6, ".libs/", 6) == 0)
		end -= 6;
	snprintf(end, sizeof(path) - (size_t)(end - path), "%s", name);
	return path;
}

/* usrsctp binds both families, one socket each. */
int
peer_free_udp_port(void)
{
	struct sockaddr_in6 any6 = { .sin6_family = AF_INET6 };
	struct sockaddr_in any = { .sin_family = AF_INET };
	socklen_t len = sizeof(any);
	int fd = socket(AF_INET, SOCK_DGRAM, 0);
	int fd6 = socket(AF_INET6, SOCK_DGRAM, 0);
	int on = 1;

	ck_assert_int_eq(bind(fd, (struct sockaddr *)&any, sizeof(any)), 0);
	getsockname(fd, (struct sockaddr *)&any, &len);
	if (fd6 >= 0) {
		any6.sin6_port = any.sin_port;
		setsockopt(fd6, IPPROTO_IPV6, IPV6_V6ONLY, &on, sizeof(on));
		ck_assert_int_eq(
			bind(fd6, (struct sockaddr *)&any6, sizeof(any6)), 0);
		close(fd6);
	}
	close(fd);
	return ntohs(any.sin_port);
}

const char *
peer_port_text(int port)
{
	static char texts[8][8];
	static int next;
	char *text = texts[next++ % 8];

	snprintf(text, sizeof(texts[0]), "%d", port);
	return text;
}

static FILE *
open_output(void)
{
	FILE *out = tmpfile();

	ck_assert_ptr_nonnull(out);
	fcntl(fileno(out), F_SETFD, FD_CLOEXEC);
	return out;
}

void
peer_start(struct peer *p, bool quiet, const char *const *argv)
{
	posix_spawn_file_actions_t files;
	int input[2];

	ck_assert_int_eq(pipe(input), 0);
	fcntl(input[1], F_SETFD, FD_CLOEXEC);
	p->in = input[1];
	p->out = quiet ? NULL : open_output();
	posix_spawn_file_actions_init(&files);
	posix_spawn_file_actions_adddup2(&files, input[0], STDIN_FILENO);
	posix_spawn_file_actions_addclose(&files, input[0]);
	posix_spawn_file_actions_addopen(&files, STDERR_FILENO, "/dev/null",
					 O_WRONLY, 0);
	if (quiet)
		posix_spawn_file_actions_addopen(&files, STDOUT_FILENO,
						 "/dev/null", O_WRONLY, 0);
	else
		posix_spawn_file_actions_adddup2(&files, fileno(p->out),
						 STDOUT_FILENO);
	ck_assert_int_eq(posix_spawnp(&p->pid, argv[0], &files, NULL,
				      (char *const *)(uintptr_t)argv, environ),
			 0);
	posix_spawn_file_actions_destroy(&files);
	close(input[0]);
}

void
peer_say(struct peer *p, const char *text)
{
	ck_assert_int_eq(write(p->in, text, strlen(text)), (int)strlen(text));
}

void
peer_hush(struct peer *p)
{
	close(p->in);
	p->in = -1;
}

unsigned char *
peer_printed(struct peer *p, size_t *len)
{
	unsigned char *text;
	struct stat st;

	ck_assert_int_eq(fstat(fileno(p->out), &st), 0);
	*len = (size_t)st.st_size;
	text = malloc(*len + 1);
	ck_assert_ptr_nonnull(text);
	/* Not read(): the offset is the program's, too. */
	ck_assert_int_eq(pread(fileno(p->out), text, *len, 0), (ssize_t)*len);
	text[*len] = '\0';
	return text;
}

/* A whole line that begins so. */
static char *
find_line(const unsigned char *text, size_t len, const char *beginning)
{
	const unsigned char *line = text, *end;
	size_t n = strlen(beginning);

	while ((end = memchr(line, '\n', (size_t)(text + len - line)))) {
		if ((size_t)(end - line) >= n &&
		    memcmp(line, beginning, n) == 0)
			return strndup((const char *)line,
				       (size_t)(end - line));
		line = end + 1;
	}
	return NULL;
}

char *
peer_await_line(struct peer *p, const char *beginning)
{
	const struct timespec moment = { .tv_nsec = 10000000 };
	int64_t deadline = rig_now() + RIG_PATIENCE;
	unsigned char *text;
	char *line;
	size_t len;

	for (;;) {
		text = peer_printed(p, &len);
		line = find_line(text, len, beginning);
		free(text);
		if (line != NULL)
			return line;
		ck_assert_msg(rig_now() < deadline, "no line '%s...'",
			      beginning);
		nanosleep(&moment, NULL);
	}
}

struct exiting {
	pid_t pid;
	int status;
};

static bool
has_exited(void *arg)
{
	struct exiting *e = arg;

	return waitpid(e->pid, &e->status, WNOHANG) == e->pid;
}

void
peer_await_exit(struct peer *p, int status)
{
	struct exiting e = { .pid = p->pid };

	ck_assert_msg(rig_until(has_exited, &e), "the peer does not end");
	ck_assert(WIFEXITED(e.status));
	ck_assert_int_eq(WEXITSTATUS(e.status), status);
	p->pid = -1;
}

void
peer_close(struct peer *p)
{
	if (p->pid >= 0) {
		kill(p->pid, SIGKILL);
		waitpid(p->pid, NULL, 0);
	}
	if (p->in >= 0)
		peer_hush(p);
	if (p->out != NULL)
		fclose(p->out);
}
