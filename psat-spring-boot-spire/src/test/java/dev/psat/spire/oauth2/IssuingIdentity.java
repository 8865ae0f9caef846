package dev.psat.spire.oauth2;

import java.time.Instant;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;

import dev.psat.spiffe.JwtAuthority;
import dev.psat.spiffe.JwtSvid;
import dev.psat.spiffe.SpiffeId;
import dev.psat.spiffe.TrustBundle;
import dev.psat.spiffe.X509Svid;
import dev.psat.spire.SpireIdentity;
import dev.psat.spire.SpireState;
import dev.psat.spire.SpireStatus;
import dev.psat.spire.SvidUnavailableException;
import dev.psat.spire.TestIdentity;
import dev.psat.spire.security.TestJwtAuthority;
import reactor.core.scheduler.Schedulers;

/**
 * An identity that has a new JWT-SVID for each call.
 */
final class IssuingIdentity implements SpireIdentity {

	private final TestJwtAuthority authority = new TestJwtAuthority();

	private final List<String> audiences = new CopyOnWriteArrayList<>();

	private final List<String> tokens = new CopyOnWriteArrayList<>();

	private volatile Function<String, String> issuer = this::issue;

	private volatile boolean askedWithoutBlocking;

	List<JwtAuthority> authorities() {
		return List.of(this.authority.published());
	}

	List<String> audiences() {
		return this.audiences;
	}

	List<String> tokens() {
		return this.tokens;
	}

	/**
	 * Return whether it was asked by a thread that must not block.
	 */
	boolean isAskedWithoutBlocking() {
		return this.askedWithoutBlocking;
	}

	void issueBy(Function<String, String> issuer) {
		this.issuer = issuer;
	}

	String issue(String audience) {
		return this.authority.issueWith((claims) -> claims.audience(audience));
	}

	static SvidUnavailableException unavailable() {
		return new SvidUnavailableException("The SPIRE Server is away", SpireState.ATTESTING, "Check the server.");
	}

	@Override
	public JwtSvid jwtSvid(String audience, String... more) {
		this.askedWithoutBlocking |= Schedulers.isInNonBlockingThread();
		this.audiences.add(audience);
		String token = this.issuer.apply(audience);
		this.tokens.add(token);
		Instant now = Instant.now();
		return new JwtSvid(SpiffeId.parse(TestJwtAuthority.ORDERS), token, List.of(audience), now, now.plusSeconds(300),
				null);
	}

	@Override
	public X509Svid x509Svid() {
		throw unavailable();
	}

	@Override
	public TrustBundle trustBundle() {
		throw unavailable();
	}

	@Override
	public SpireStatus status() {
		return TestIdentity.bare(SpireState.READY);
	}

}
