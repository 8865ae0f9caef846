package dev.psat.spire.test;

import java.security.KeyPair;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.function.Supplier;

/**
 * The server's own X509-SVID. A new one is issued after half of its lifetime, or on
 * request. Until then it stays the same, regardless of which authority currently signs
 * SVIDs. Source: {@code svid/rotator.go}; the server certificates in the transcripts show
 * it. Thread-safe.
 */
final class ServerCredential {

	private final String serverId;

	private final Clock clock;

	private final Duration ttl;

	private final Supplier<X509Authority> authority;

	private Credential credential;

	private Instant renewalDueAt;

	ServerCredential(String serverId, Clock clock, Duration ttl, Supplier<X509Authority> authority) {
		this.serverId = serverId;
		this.clock = clock;
		this.ttl = ttl;
		this.authority = authority;
		this.renewalDueAt = clock.instant().plus(ttl.dividedBy(2));
		this.credential = issue();
	}

	synchronized Credential current() {
		if (this.clock.instant().isAfter(this.renewalDueAt)) {
			renew();
		}
		return this.credential;
	}

	synchronized void renew() {
		this.renewalDueAt = this.clock.instant().plus(this.ttl.dividedBy(2));
		this.credential = issue();
	}

	private Credential issue() {
		KeyPair keys = Certificates.newKeyPair();
		List<X509Certificate> chain = this.authority.get()
			.issue(keys.getPublic(), this.serverId, List.of(), this.clock.instant(), this.ttl);
		return new Credential(keys.getPrivate(), chain);
	}

	record Credential(PrivateKey key, List<X509Certificate> chain) {

	}

}
