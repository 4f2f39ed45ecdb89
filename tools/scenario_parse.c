/*
 * Scenarios as text: a statement a line, words, and words that have a value.
 */
#include "scenario.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "impair.h"
#include "values.h"

#define MAX_WORDS     32
#define DEFAULT_LIMIT 30000 /* ms */
#define MAX_LIMIT     600000
#define MAX_SIZE      65536 /* of a message */
#define MIN_SIZE      16    /* its number and whose it is */

struct parser {
	struct scenario *sc;
	struct scenario_error *error;
	int line;
	const char *usage; /* of the statement in this line */
	char *words[MAX_WORDS];
	size_t count, next;
};

static bool
fail(struct parser *p, const char *what, ...)
{
	va_list args;

	p->error->line = p->line;
	va_start(args, what);
	vsnprintf(p->error->text, sizeof(p->error->text), what, args);
	va_end(args);
	return false;
}

/* ----------------------------------------------------------------- words */

static const char *
peek(const struct parser *p)
{
	return p->next < p->count ? p->words[p->next] : NULL;
}

static const char *
take(struct parser *p, const char *what)
{
	if (p->next == p->count) {
		fail(p, "%s is missing: %s", what, p->usage);
		return NULL;
	}
	return p->words[p->next++];
}

/* The next word, if it is this one. */
static bool
take_word(struct parser *p, const char *word)
{
	if (peek(p) == NULL || strcmp(peek(p), word) != 0)
		return false;
	p->next++;
	return true;
}

enum kind { NUMBER, SIZE, TIME };

static bool
take_value(struct parser *p, enum kind kind, const char *what, int64_t min,
	   int64_t max, int64_t *value)
{
	static bool (*const read[])(const char *,
				    int64_t *) = { value_number, value_size,
						   value_duration };
	static const char *const hints[] = { "", " or a size such as 16k",
					     " with a unit, such as 200ms" };
	const char *word = take(p, what);

	if (word == NULL)
		return false;
	if (!read[kind](word, value) || *value < min || *value > max)
		return fail(p, "%s: %s is a number from %lld to %lld%s%s", word,
			    what, (long long)min, (long long)max,
			    kind == TIME ? " ms" : "", hints[kind]);
	return true;
}

static bool
take_profile(struct parser *p, const char **profile)
{
	struct impair_profile read;
	const char *bad;

	*profile = take(p, "the profile");
	if (*profile == NULL)
		return false;
	impair_profile_init(&read);
	if (impair_parse(*profile, &read, &bad) != 0)
		return fail(p, "%s: not a profile of a line; see --impair",
			    bad);
	return true;
}

static bool
take_address(struct parser *p, const char *what, struct gen_sctp_addr *addr)
{
	const char *word = take(p, what);

	if (word == NULL)
		return false;
	memset(addr, 0, sizeof(*addr));
	if (gen_sctp_addr_parse(word, 0, addr) != 0)
		return fail(p, "%s: not an IP address", word);
	return true;
}

static const struct scenario_node *
find_node(const struct scenario *sc, const char *name)
{
	size_t i;

	for (i = 0; i < sc->node_count; i++)
		if (strcmp(sc->nodes[i].name, name) == 0)
			return &sc->nodes[i];
	return NULL;
}

enum wanted { ENDPOINT, NAT, NODE };

static bool
take_node(struct parser *p, enum wanted wanted,
	  const struct scenario_node **node)
{
	static const char *const names[] = { "an endpoint", "a NAT",
					     "an endpoint or NAT" };
	const char *word = take(p, names[wanted]);

	if (word == NULL)
		return false;
	*node = find_node(p->sc, word);
	if (*node == NULL)
		return fail(p, "%s: no endpoint or NAT of that name so far",
			    word);
	if (wanted != NODE && (*node)->is_nat != (wanted == NAT))
		return fail(p, "%s is not %s", word, names[wanted]);
	return true;
}

/* Two endpoints. */
static bool
take_pair(struct parser *p, const struct scenario_node **nodes)
{
	if (!take_node(p, ENDPOINT, &nodes[0]) ||
	    !take_node(p, ENDPOINT, &nodes[1]))
		return false;
	return nodes[0] != nodes[1] ||
	       fail(p, "%s twice: with itself?", nodes[0]->name);
}

/* ----------------------------------------------------------------- nodes */

static struct scenario_node *
take_new_node(struct parser *p)
{
	struct scenario *sc = p->sc;
	const char *name = take(p, "the name");
	struct scenario_node *node = &sc->nodes[sc->node_count];

	if (name == NULL)
		return NULL;
	if (find_node(sc, name) != NULL) {
		fail(p, "%s: there is one of that name already", name);
		return NULL;
	}
	if (sc->node_count == SCENARIO_MAX_NODES) {
		fail(p, "more than %d endpoints and NATs", SCENARIO_MAX_NODES);
		return NULL;
	}
	memset(node, 0, sizeof(*node));
	node->name = name;
	node->rto_min = node->rto_max = node->heartbeat = node->retries = -1;
	node->timeout = -1;
	return node;
}

static bool
is_address(const char *word)
{
	struct gen_sctp_addr addr = { 0 };

	return word != NULL && gen_sctp_addr_parse(word, 0, &addr) == 0;
}

static bool
take_addresses(struct parser *p, struct scenario_node *node)
{
	do {
		if (node->addr_count == SCENARIO_MAX_ADDRS)
			return fail(p, "more than %d addresses",
				    SCENARIO_MAX_ADDRS);
		if (!take_address(p, "an address",
				  &node->addrs[node->addr_count]))
			return false;
		node->addr_count++;
	} while (is_address(peek(p)));
	return true;
}

static bool
take_endpoint_attribute(struct parser *p, struct scenario_node *node)
{
	if (take_word(p, "behind"))
		return take_node(p, NAT, &node->behind);
	if (take_word(p, "port"))
		return take_value(p, NUMBER, "port", 1, 65535, &node->port);
	if (take_word(p, "rto"))
		return take_value(p, TIME, "least rto", 10, 60000,
				  &node->rto_min) &&
		       take_value(p, TIME, "largest rto", node->rto_min, 60000,
				  &node->rto_max);
	if (take_word(p, "heartbeat"))
		return take_value(p, TIME, "heartbeat", 10, 3600000,
				  &node->heartbeat);
	if (take_word(p, "retries"))
		return take_value(p, NUMBER, "retries", 1, 100, &node->retries);
	return fail(p, "%s is not understood: %s", peek(p), p->usage);
}

static bool
read_endpoint(struct parser *p)
{
	struct scenario_node *node = take_new_node(p);

	if (node == NULL || !take_addresses(p, node))
		return false;
	while (peek(p) != NULL)
		if (!take_endpoint_attribute(p, node))
			return false;
	if (node->behind != NULL &&
	    node->behind->inside.family != node->addrs[0].family)
		return fail(p,
			    "%s: its address is of another family than the "
			    "inside of %s",
			    node->name, node->behind->name);
	if (node->behind != NULL && node->addr_count > 1)
		return fail(p, "%s: an endpoint behind a NAT has one address",
			    node->name);
	p->sc->node_count++;
	return true;
}

static bool
take_nat_type(struct parser *p, struct scenario_node *node)
{
	const char *word = take(p, "the type");

	if (word == NULL)
		return false;
	return nat_type_parse(word, &node->type) ||
	       fail(p,
		    "%s: a NAT is full-cone, address-restricted, "
		    "port-restricted or symmetric",
		    word);
}

static bool
take_nat_attribute(struct parser *p, struct scenario_node *node)
{
	if (take_word(p, "timeout"))
		return take_value(p, TIME, "timeout", 10, 3600000,
				  &node->timeout);
	if (take_word(p, "hairpin"))
		return node->hairpin = true;
	return fail(p, "%s is not understood: %s", peek(p), p->usage);
}

static bool
read_nat(struct parser *p)
{
	struct scenario_node *node = take_new_node(p);

	if (node == NULL || !take_nat_type(p, node))
		return false;
	node->is_nat = true;
	if (!take_address(p, "the inside address", &node->inside) ||
	    !take_addresses(p, node))
		return false;
	while (peek(p) != NULL)
		if (!take_nat_attribute(p, node))
			return false;
	p->sc->node_count++;
	return true;
}

/* ----------------------------------------------------------------- steps */

static bool
read_pair(struct parser *p, struct scenario_step *step)
{
	return take_pair(p, step->nodes);
}

static bool
take_send_attribute(struct parser *p, struct scenario_step *step)
{
	if (take_word(p, "of"))
		return take_value(p, SIZE, "bytes of a message", MIN_SIZE,
				  MAX_SIZE, &step->size);
	if (take_word(p, "every"))
		return take_value(p, TIME, "every", 0, 60000, &step->every);
	if (take_word(p, "streams"))
		return take_value(p, NUMBER, "streams", 1, SCENARIO_MAX_STREAMS,
				  &step->streams);
	return fail(p, "%s is not understood: %s", peek(p), p->usage);
}

static bool
read_send(struct parser *p, struct scenario_step *step)
{
	step->size = 1000;
	step->streams = 1;
	if (!take_pair(p, step->nodes) ||
	    !take_value(p, NUMBER, "messages", 1, 1000000, &step->count))
		return false;
	while (peek(p) != NULL)
		if (!take_send_attribute(p, step))
			return false;
	return true;
}

static bool
read_forward(struct parser *p, struct scenario_step *step)
{
	if (!take_node(p, NAT, &step->nodes[0]) ||
	    !take_node(p, ENDPOINT, &step->nodes[1]))
		return false;
	return step->nodes[1]->behind == step->nodes[0] ||
	       fail(p, "%s is not behind %s", step->nodes[1]->name,
		    step->nodes[0]->name);
}

static bool
read_rebind(struct parser *p, struct scenario_step *step)
{
	if (!take_node(p, NAT, &step->nodes[0]))
		return false;
	step->address = take_word(p, "address");
	if (!step->address)
		take_word(p, "port");
	return !step->address || step->nodes[0]->addr_count > 1 ||
	       fail(p, "%s has one outside address", step->nodes[0]->name);
}

static bool
read_link(struct parser *p, struct scenario_step *step)
{
	return take_node(p, NODE, &step->nodes[0]) &&
	       take_profile(p, &step->profile);
}

static bool
read_dark(struct parser *p, struct scenario_step *step)
{
	return take_node(p, NODE, &step->nodes[0]) &&
	       take_value(p, TIME, "how long", 1, MAX_LIMIT, &step->time);
}

static const struct action {
	const char *name;
	bool (*read)(struct parser *p, struct scenario_step *step);
	const char *usage;
} actions[] = {
	[SCENARIO_CONNECT] = { "connect", read_pair,
			       "connect ENDPOINT ENDPOINT" },
	[SCENARIO_MEET] = { "meet", read_pair, "meet ENDPOINT ENDPOINT" },
	[SCENARIO_SEND] = { "send", read_send,
			    "send ENDPOINT ENDPOINT MESSAGES [of SIZE] "
			    "[every TIME] [streams N]" },
	[SCENARIO_CLOSE] = { "close", read_pair, "close ENDPOINT ENDPOINT" },
	[SCENARIO_ABORT] = { "abort", read_pair, "abort ENDPOINT ENDPOINT" },
	[SCENARIO_FORWARD] = { "forward", read_forward,
			       "forward NAT ENDPOINT" },
	[SCENARIO_REBIND] = { "rebind", read_rebind,
			      "rebind NAT [port | address]" },
	[SCENARIO_LINK] = { "link", read_link, "link NAME PROFILE" },
	[SCENARIO_DARK] = { "dark", read_dark, "dark NAME TIME" },
};

#define ACTIONS (sizeof(actions) / sizeof(actions[0]))

const char *
scenario_action_name(enum scenario_action action)
{
	return actions[action].name;
}

/* Behind those that are as early. */
static void
insert_step(struct scenario *sc, const struct scenario_step *step)
{
	size_t i = sc->step_count++;

	for (; i > 0 && sc->steps[i - 1].at > step->at; i--)
		sc->steps[i] = sc->steps[i - 1];
	sc->steps[i] = *step;
}

static bool
read_action(struct parser *p, int64_t at)
{
	struct scenario_step step = { .line = p->line, .at = at };
	const char *word = take(p, "an action");
	size_t i;

	if (word == NULL)
		return false;
	for (i = 0; i < ACTIONS && strcmp(actions[i].name, word) != 0; i++)
		;
	if (i == ACTIONS)
		return fail(p, "%s: no such statement or action", word);
	if (p->sc->step_count == SCENARIO_MAX_STEPS)
		return fail(p, "more than %d actions", SCENARIO_MAX_STEPS);
	step.action = (enum scenario_action)i;
	p->usage = actions[i].usage;
	if (!actions[i].read(p, &step))
		return false;
	insert_step(p->sc, &step);
	return true;
}

static bool
read_at(struct parser *p)
{
	int64_t at;

	return take_value(p, TIME, "at", 0, MAX_LIMIT, &at) &&
	       read_action(p, at);
}

/* ---------------------------------------------------------------- expect */

static bool
is_event(const char *word)
{
	int i;

	for (i = GEN_SCTP_COMM_UP; i <= GEN_SCTP_CANT_ASSOC; i++)
		if (strcmp(word,
			   gen_sctp_assoc_change_name(
				   (enum gen_sctp_assoc_change_state)i)) == 0)
			return true;
	for (i = GEN_SCTP_ADDR_AVAILABLE; i <= GEN_SCTP_ADDR_CONFIRMED; i++)
		if (strcmp(word,
			   gen_sctp_paddr_change_name(
				   (enum gen_sctp_paddr_change_state)i)) == 0)
			return true;
	return false;
}

static bool
take_outcome(struct parser *p, struct scenario_expect *expect)
{
	struct scenario_outcome *outcome = &expect->either[expect->count];
	const char *word = take(p, "what to expect");

	if (word == NULL)
		return false;
	if (expect->count++ == SCENARIO_MAX_EITHER)
		return fail(p, "more than %d outcomes", SCENARIO_MAX_EITHER);
	if (strcmp(word, "all") == 0)
		return take_pair(p, outcome->nodes);
	outcome->event = word;
	if (!is_event(word))
		return fail(p,
			    "%s is not \"all\" and no event such as "
			    "comm_lost or addr_unreachable",
			    word);
	return take_node(p, ENDPOINT, &outcome->nodes[0]);
}

static bool
read_expect(struct parser *p)
{
	struct scenario *sc = p->sc;
	struct scenario_expect *expect = &sc->expects[sc->expect_count];

	if (sc->expect_count == SCENARIO_MAX_EXPECTS)
		return fail(p, "more than %d expectations",
			    SCENARIO_MAX_EXPECTS);
	memset(expect, 0, sizeof(*expect));
	expect->line = p->line;
	expect->by = -1;
	do {
		if (!take_outcome(p, expect))
			return false;
	} while (take_word(p, "or"));
	sc->expect_count++;
	return !take_word(p, "by") ||
	       take_value(p, TIME, "by", 1, MAX_LIMIT, &expect->by);
}

/* ------------------------------------------------------------------ file */

static bool
read_limit(struct parser *p)
{
	return take_value(p, TIME, "limit", 1, MAX_LIMIT, &p->sc->limit);
}

static const struct {
	const char *name;
	bool (*read)(struct parser *p);
	const char *usage;
} statements[] = {
	{ "limit", read_limit, "limit TIME" },
	{ "endpoint", read_endpoint,
	  "endpoint NAME ADDRESS... [behind NAT] [port N] [rto MIN MAX] "
	  "[heartbeat TIME] [retries N]" },
	{ "nat", read_nat,
	  "nat NAME TYPE INSIDE OUTSIDE... [timeout TIME] [hairpin]" },
	{ "at", read_at, "at TIME ACTION" },
	{ "expect", read_expect,
	  "expect all ENDPOINT ENDPOINT | EVENT ENDPOINT [or ...] [by TIME]" },
};

#define STATEMENTS (sizeof(statements) / sizeof(statements[0]))

static bool
read_statement(struct parser *p)
{
	size_t i;

	for (i = 0; i < STATEMENTS; i++)
		if (take_word(p, statements[i].name)) {
			p->usage = statements[i].usage;
			return statements[i].read(p);
		}
	p->usage = "[at TIME] ACTION";
	return read_action(p, 0);
}

static bool
split(struct parser *p, char *line)
{
	const char *spaces = " \t\r";

	p->count = p->next = 0;
	for (line += strspn(line, spaces); *line != '\0' && *line != '#';
	     line += strspn(line, spaces)) {
		if (p->count == MAX_WORDS)
			return fail(p, "more than %d words", MAX_WORDS);
		p->words[p->count++] = line;
		line += strcspn(line, spaces);
		if (*line != '\0')
			*line++ = '\0';
	}
	return true;
}

static bool
read_line(struct parser *p, char *line)
{
	static const char title[] = "title ";

	p->line++;
	if (strncmp(line, title, sizeof(title) - 1) == 0) {
		p->sc->title = line + sizeof(title) - 1;
		return true;
	}
	if (!split(p, line))
		return false;
	if (p->count == 0)
		return true;
	if (!read_statement(p))
		return false;
	return peek(p) == NULL ||
	       fail(p, "%s is not understood: %s", peek(p), p->usage);
}

static bool
read_lines(struct parser *p)
{
	char *line = p->sc->text, *end;
	bool ok = true;

	while (ok && line != NULL) {
		end = strchr(line, '\n');
		if (end != NULL)
			*end++ = '\0';
		ok = read_line(p, line);
		line = end;
	}
	return ok;
}

/* What only the whole file tells. */
static bool
check(struct parser *p)
{
	struct scenario *sc = p->sc;
	size_t i;

	if (sc->step_count == 0)
		return fail(p, "nothing happens: there is no connect");
	for (i = 0; i < sc->expect_count; i++)
		if (sc->expects[i].by < 0 || sc->expects[i].by > sc->limit)
			sc->expects[i].by = sc->limit;
	p->line = sc->steps[sc->step_count - 1].line;
	return sc->steps[sc->step_count - 1].at < sc->limit ||
	       fail(p, "this is after the limit, %lld ms",
		    (long long)sc->limit);
}

bool
scenario_parse(struct scenario *sc, const char *text, size_t len,
	       struct scenario_error *error)
{
	struct parser p = { .sc = sc, .error = error };

	memset(sc, 0, sizeof(*sc));
	sc->title = "";
	sc->limit = DEFAULT_LIMIT;
	sc->text = malloc(len + 1);
	if (sc->text == NULL)
		return fail(&p, "out of memory");
	memcpy(sc->text, text, len);
	sc->text[len] = '\0';
	if (memchr(text, '\0', len) != NULL)
		fail(&p, "not a text");
	else if (read_lines(&p) && check(&p))
		return true;
	scenario_free(sc);
	return false;
}

void
scenario_free(struct scenario *sc)
{
	free(sc->text);
	sc->text = NULL;
}
