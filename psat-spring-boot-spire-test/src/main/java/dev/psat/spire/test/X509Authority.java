package dev.psat.spire.test;

import java.security.KeyPair;
import java.security.PublicKey;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

import dev.psat.spire.test.Certificates.Validity;

/**
 * A certificate authority with its key: either self-signed or below an upstream
 * authority. In the latter case, its certificate is part of every chain.
 */
final class X509Authority implements AuthorityRotation.Authority {

	/** Source: {@code credtemplate/builder.go}; the transcripts confirm it. */
	private static final Duration BACKDATE = Duration.ofSeconds(10);

	private final KeyPair keys;

	private final X509Certificate certificate;

	private final List<X509Certificate> intermediates;

	private final X509Certificate root;

	private volatile boolean tainted;

	private X509Authority(KeyPair keys, X509Certificate certificate, List<X509Certificate> intermediates,
			X509Certificate root) {
		this.keys = keys;
		this.certificate = certificate;
		this.intermediates = intermediates;
		this.root = root;
	}

	static X509Authority selfSigned(String uri, Instant now, Duration ttl) {
		KeyPair keys = Certificates.newKeyPair();
		X509Certificate certificate = Certificates.root(keys, uri, new Validity(now.minus(BACKDATE), now.plus(ttl)));
		return new X509Authority(keys, certificate, List.of(), certificate);
	}

	X509Authority subordinate(String uri, Instant now, Duration ttl) {
		KeyPair subordinateKeys = Certificates.newKeyPair();
		List<X509Certificate> chain = new ArrayList<>(this.intermediates);
		chain.add(0, Certificates.intermediate(subordinateKeys, uri, validity(now, ttl), this.certificate,
				this.keys.getPrivate()));
		return new X509Authority(subordinateKeys, chain.get(0), List.copyOf(chain), this.root);
	}

	X509Authority intermediate(String uri, Instant now) {
		return subordinate(uri, now, Duration.between(now, this.certificate.getNotAfter().toInstant()));
	}

	/** Never outlives this authority. The chain has no root. */
	List<X509Certificate> issue(PublicKey key, String spiffeId, List<String> dnsNames, Instant now, Duration ttl) {
		List<X509Certificate> chain = new ArrayList<>();
		chain.add(Certificates.svid(key, spiffeId, dnsNames, validity(now, ttl), this.certificate,
				this.keys.getPrivate()));
		chain.addAll(this.intermediates);
		return List.copyOf(chain);
	}

	private Validity validity(Instant now, Duration ttl) {
		Instant end = now.plus(ttl);
		Instant last = this.certificate.getNotAfter().toInstant();
		return new Validity(now.minus(BACKDATE), end.isBefore(last) ? end : last);
	}

	X509Certificate root() {
		return this.root;
	}

	@Override
	public boolean isTainted() {
		return this.tainted;
	}

	@Override
	public void taint() {
		this.tainted = true;
	}

}
