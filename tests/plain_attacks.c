/*
 * What the attacks do to plain usrsctp 0.9.5.0, each in a process of its own:
 * prints a table and fails where it is not what docs/security.md says.
 *
 *   plain_attacks [NAME]
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "attacks.h"
#include "plain_victim.h"

/* ms; for packets that come if they come at all. */
#define QUIET 1500

#define NO_ASSOCIATION "no association"

static struct victim victim;
static struct raw_peer peer, spoofer, stranger, bystander;
static const struct attack_scene scene = { &peer, &spoofer, &stranger };

/* --------------------------------------------------------------- the scene */

static bool
open_peer(struct raw_peer *r, const char *addr, uint16_t port)
{
	return raw_open(r, addr, port, victim.udp_port, VICTIM_SCTP_PORT);
}

/* A victim with two associations. */
static bool
set_up(void)
{
	if (!victim_start(&victim) || !open_peer(&peer, "127.0.0.1", 6000) ||
	    !open_peer(&bystander, "127.0.0.1", 6001) ||
	    !open_peer(&spoofer, "127.0.0.1", 0) ||
	    !open_peer(&stranger, "127.0.0.2", 0))
		return false;
	raw_pretend(&spoofer, &peer);
	raw_pretend(&stranger, &peer);
	return true;
}

static void
tear_down(void)
{
	raw_close(&peer);
	raw_close(&bystander);
	raw_close(&spoofer);
	raw_close(&stranger);
	victim_end(&victim);
}

static bool
echoes(struct raw_peer *r, const char *text)
{
	raw_begin(r, r->their_tag);
	raw_data(r, text);
	raw_send(r);
	return raw_await_text(r, text, QUIET);
}

static bool
connected(void)
{
	return raw_connect(&peer) && raw_connect(&bystander) &&
	       echoes(&peer, "hello") && echoes(&bystander, "hello");
}

/* -------------------------------------------------------------- what it did */

static bool
answers_an_init(void)
{
	struct raw_peer *probe = calloc(1, sizeof(*probe));
	struct raw_chunk c;
	bool does;

	if (probe == NULL || !open_peer(probe, "127.0.0.1", 6002))
		return false;
	raw_begin(probe, 0);
	raw_init(probe, RAW_INIT);
	raw_send(probe);
	does = raw_await(probe, RAW_INIT_ACK, &c, QUIET);
	raw_close(probe);
	free(probe);
	return does;
}

/* Where the answer to "later" goes. */
static bool
comes_to(struct raw_peer *r, const char *text)
{
	for (int ms = 0; ms < VICTIM_PAUSE + QUIET; ms += 50) {
		if (raw_await_text(r, text, 25))
			return true;
		if (raw_await_text(&spoofer, text, 25) ||
		    raw_await_text(&stranger, text, 0))
			return false;
	}
	return false;
}

static enum attack_outcome
worst(void)
{
	int status;

	if (victim_died(&victim, &status))
		return ATTACK_CRASHES;
	if (!answers_an_init())
		return victim_died(&victim, &status) ? ATTACK_CRASHES
						     : ATTACK_HANGS;
	return ATTACK_LOST;
}

static enum attack_outcome
outcome(void)
{
	bool comes = comes_to(&peer, "later");
	bool elsewhere = spoofer.in_len > 0 &&
			 raw_find(&spoofer, RAW_DATA, &(struct raw_chunk){ 0 });

	if (comes && echoes(&peer, "again") && echoes(&bystander, "again"))
		return ATTACK_LIVES;
	return elsewhere ? ATTACK_REDIRECTED : worst();
}

/* ------------------------------------------------- attacks with a story */

#define NOTHING_SPECIAL "nothing of the kind"

static void
say(const char *text)
{
	raw_begin(&peer, peer.their_tag);
	raw_data(&peer, text);
	raw_send(&peer);
}

/* Both peers' messages have the same stream and number, and the server has not
 * read them yet. */
static const char *
forward_tsn_for_another_association(void)
{
	if (!connected())
		return NO_ASSOCIATION;
	say("later");
	raw_say(&bystander, "unread");
	raw_begin(&peer, peer.their_tag);
	raw_chunk(&peer, RAW_FORWARD_TSN, 0,
		  RAW_BYTES(RAW_BE32(peer.tsn), 0, 0, 0,
			    (uint8_t)(bystander.ssn - 1)));
	raw_send(&peer);
	return victim_tells(&victim, VICTIM_PDAPI, QUIET)
		       ? "false partial delivery event"
		       : NOTHING_SPECIAL;
}

/* The socket is closed while its data is not acknowledged. */
static const char *
reconfig_after_close(void)
{
	struct raw_chunk c;

	if (!connected())
		return NO_ASSOCIATION;
	peer.silent = true;
	say("close");
	while (raw_await(&peer, RAW_DATA, &c, 200))
		;
	raw_begin(&peer, peer.their_tag);
	raw_chunk(&peer, RAW_RE_CONFIG, 0, RAW_NOTHING);
	raw_param(&peer, RAW_ADD_OUT, RAW_BYTES(RAW_BE32(1), 0, 5, 0, 0));
	raw_send(&peer);
	return attack_outcome_name(worst());
}

/* The server answers a SHUTDOWN; [ASCONF, COOKIE ECHO] from elsewhere. */
static const char *
foreign_cookie_echo_in_shutdown(void)
{
	struct raw_chunk c;

	if (!connected())
		return NO_ASSOCIATION;
	raw_begin(&peer, peer.their_tag);
	raw_chunk(&peer, RAW_SHUTDOWN, 0, RAW_BYTES(RAW_BE32(peer.seen_tsn)));
	raw_send(&peer);
	raw_await(&peer, RAW_SHUTDOWN_ACK, &c, QUIET);
	raw_begin(&peer, peer.their_tag);
	raw_asconf(&peer);
	raw_chunk(&peer, RAW_COOKIE_ECHO, 0, peer.cookie, peer.cookie_len);
	raw_send_by(&peer, stranger.fds[0]);
	return attack_outcome_name(worst());
}

/* An ABORT with a cause of the NAT draft. */
static const char *
abort_with_a_nat_cause(void)
{
	peer.auth = true;
	if (!connected())
		return NO_ASSOCIATION;
	raw_begin(&peer, peer.their_tag);
	raw_chunk(&peer, RAW_ABORT, 0, RAW_BYTES(0, 0xb1, 0, 4));
	raw_send(&peer);
	return echoes(&peer, "still there") ? "not an abort" : NOTHING_SPECIAL;
}

/* The peer, which said that it supports NAT, restarts. */
static const char *
restart_with_nat_support(void)
{
	peer.nat = true;
	if (!connected())
		return NO_ASSOCIATION;
	raw_reboot(&peer);
	return raw_connect(&peer) ? NOTHING_SPECIAL : "no restart";
}

/* The peer restarts without the address that it spoke from last. */
static const char *
restart_with_fewer_addresses(void)
{
	if (!raw_add_path(&peer, "127.0.0.3") || !connected())
		return NO_ASSOCIATION;
	raw_begin(&peer, peer.their_tag);
	raw_data(&peer, "from there");
	raw_send_by(&peer, peer.fds[1]);
	raw_await_text(&peer, "from there", QUIET);
	raw_reboot(&peer);
	peer.hides_paths = true;
	if (!raw_connect(&peer))
		return attack_outcome_name(worst());
	return echoes(&peer, "anew") ? attack_outcome_name(ATTACK_LIVES)
				     : attack_outcome_name(worst());
}

static const struct story {
	const char *name;
	const char *(*tell)(void);
	const char *outcome;
} stories[] = {
	{ "forward_tsn_for_another_association",
	  forward_tsn_for_another_association, "false partial delivery event" },
	{ "reconfig_after_close", reconfig_after_close, "crashes" },
	{ "foreign_cookie_echo_in_shutdown", foreign_cookie_echo_in_shutdown,
	  "crashes" },
	{ "abort_with_a_nat_cause", abort_with_a_nat_cause, "not an abort" },
	{ "restart_with_nat_support", restart_with_nat_support, "no restart" },
	{ "restart_with_fewer_addresses", restart_with_fewer_addresses,
	  "lives" },
};

/* -------------------------------------------------------------------- run */

/* Rows that run at the same time: they mostly wait. */
#define AT_ONCE 12
#define TRIES	3

struct row {
	const char *name;
	const char *who;
	const char *wanted;
	const struct attack *attack; /* or */
	const struct story *story;
	int result; /* pipe: what was seen */
	pid_t pid;
};

static const char *
attack_once(const struct attack *a)
{
	if (!connected())
		return NO_ASSOCIATION;
	say("later");
	a->send(&scene);
	return attack_outcome_name(outcome());
}

/* Once more where it did not even begin: the UDP port was free only just. */
static const char *
see(const struct row *row)
{
	const char *seen = NO_ASSOCIATION;

	for (int i = 0; i < TRIES && strcmp(seen, NO_ASSOCIATION) == 0; i++) {
		if (set_up())
			seen = row->attack != NULL ? attack_once(row->attack)
						   : row->story->tell();
		tear_down();
	}
	return seen;
}

static void
start(struct row *row)
{
	int ends[2];
	const char *seen;

	if (pipe(ends) != 0)
		exit(EXIT_FAILURE);
	row->pid = fork();
	if (row->pid == 0) {
		seen = see(row);
		(void)!write(ends[1], seen, strlen(seen));
		_exit(EXIT_SUCCESS);
	}
	close(ends[1]);
	row->result = ends[0];
}

/* Prints it; false: not what was expected. */
static bool
finish(struct row *row)
{
	char seen[64] = "";
	ssize_t n = read(row->result, seen, sizeof(seen) - 1);
	bool same;

	close(row->result);
	waitpid(row->pid, NULL, 0);
	seen[n > 0 ? n : 0] = '\0';
	same = strcmp(seen, row->wanted) == 0;
	printf("%-43s %-8s %s%s%s\n", row->name, row->who, seen,
	       same ? "" : "   expected: ", same ? "" : row->wanted);
	return same;
}

static struct row
row_of(int i)
{
	const struct attack *a = &attacks[i];
	const struct story *s = &stories[i - attack_count];

	if (i < attack_count)
		return (struct row){ .name = a->name,
				     .who = a->off_path ? "off-path" : "peer",
				     .wanted = attack_outcome_name(a->plain),
				     .attack = a };
	return (struct row){
		.name = s->name, .who = "peer", .wanted = s->outcome, .story = s
	};
}

static int
run(struct row *rows, int n)
{
	int failures = 0;

	for (int i = 0; i < n; i++)
		start(&rows[i]);
	for (int i = 0; i < n; i++)
		failures += !finish(&rows[i]);
	return failures;
}

int
main(int argc, char **argv)
{
	const int all =
		attack_count + (int)(sizeof(stories) / sizeof(*stories));
	struct row rows[AT_ONCE];
	int n = 0, failures = 0;

	setvbuf(stdout, NULL, _IOLBF, 0);
	for (int i = 0; i < all; i++) {
		rows[n] = row_of(i);
		if (argc > 1 && strcmp(rows[n].name, argv[1]) != 0)
			continue;
		if (++n == AT_ONCE || argc > 1) {
			failures += run(rows, n);
			n = 0;
		}
	}
	failures += run(rows, n);
	return failures == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
