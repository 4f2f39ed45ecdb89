/*
 * Packets that hurt plain usrsctp 0.9.5.0, one row each, sent to a running
 * association: api_attacks.c sends them to gensctp, plain_attacks.c to usrsctp
 * with its own UDP sockets. docs/security.md has the table for readers.
 */
#ifndef ATTACKS_H
#define ATTACKS_H

#include "raw_peer.h"

/* Who sends. `peer` is the other end of the association attacked; the others
 * have its SCTP ports and know no tag. */
struct attack_scene {
	struct raw_peer *peer;
	struct raw_peer *spoofer;  /* the peer's address, another UDP port */
	struct raw_peer *stranger; /* 127.0.0.2 */
};

/* What becomes of a plain usrsctp. */
enum attack_outcome {
	ATTACK_LIVES,
	ATTACK_REDIRECTED, /* the peer's packets go to the attacker */
	ATTACK_LOST,       /* the association is */
	ATTACK_HANGS,      /* nothing of the process answers any more */
	ATTACK_CRASHES,
};

struct attack {
	const char *name;
	bool off_path; /* needs no tag */
	void (*send)(const struct attack_scene *scene);
	const char *counter; /* gensctp's, that goes up */
	enum attack_outcome plain;
};

extern const struct attack attacks[];
extern const int attack_count;

const char *attack_outcome_name(enum attack_outcome outcome);

#endif
