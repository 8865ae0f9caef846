package dev.psat.spire.test;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

import org.jspecify.annotations.Nullable;

import org.springframework.util.Assert;

/**
 * Signs SVIDs with the active authorities of the simulated server, without an entry or an
 * agent. Unlike a real server, it signs whatever it is told, such as the SPIFFE ID of
 * another trust domain, for tests of those who must not believe it. Instances are
 * immutable.
 *
 * <pre class="code">
 * partner.mint().x509Svid("spiffe://example.org/ns/shop/sa/orders");
 * partner.mint().intermediate("spiffe://partner.org").x509Svid("spiffe://example.org/ns/shop/sa/orders");
 * partner.mint().keyId("of-example-org").jwtSvid("spiffe://partner.org/ns/pay/sa/ledger", "orders");
 * </pre>
 *
 * @since 0.1.0
 * @see SimulatedSpireServer#mint()
 */
public final class SvidMint {

	private final SimulatedAuthority authority;

	private final @Nullable SimulatedJwtAuthority jwtAuthority;

	private final Setting setting;

	SvidMint(SimulatedAuthority authority, @Nullable SimulatedJwtAuthority jwtAuthority, Setting setting) {
		this.authority = authority;
		this.jwtAuthority = jwtAuthority;
		this.setting = setting;
	}

	private SvidMint with(Setting changed) {
		return new SvidMint(this.authority, this.jwtAuthority, changed);
	}

	/**
	 * Set when SVIDs are issued, which may be long ago so that they have expired. The
	 * default is the current time.
	 * @param issuedAt the instant
	 * @return a mint that issues SVIDs as of then
	 */
	public SvidMint issuedAt(Instant issuedAt) {
		Assert.notNull(issuedAt, "'issuedAt' must not be null");
		return with(new Setting(() -> issuedAt, this.setting.x509SvidTtl(), this.setting.jwtSvidTtl(),
				this.setting.intermediates(), this.setting.keyId()));
	}

	/**
	 * Set the TTL of SVIDs. The defaults are those of the server.
	 * @param ttl the TTL
	 * @return a mint that issues SVIDs with this TTL
	 */
	public SvidMint ttl(Duration ttl) {
		Assert.notNull(ttl, "'ttl' must not be null");
		return with(new Setting(this.setting.now(), ttl, ttl, this.setting.intermediates(), this.setting.keyId()));
	}

	/**
	 * Sign X509-SVIDs with an intermediate certificate, below the server's authority and
	 * below any intermediate certificate that was set before.
	 * @param uri the URI of the intermediate certificate, such as
	 * {@code spiffe://partner.org}; empty for none
	 * @return a mint that signs with the intermediate certificate
	 */
	public SvidMint intermediate(String uri) {
		Assert.notNull(uri, "'uri' must not be null");
		List<String> intermediates = new ArrayList<>(this.setting.intermediates());
		intermediates.add(uri);
		return with(new Setting(this.setting.now(), this.setting.x509SvidTtl(), this.setting.jwtSvidTtl(),
				List.copyOf(intermediates), this.setting.keyId()));
	}

	/**
	 * Set the key ID that JWT-SVIDs name, whatever key they are signed with. The default
	 * is that of the server's JWT authority.
	 * @param keyId the key ID
	 * @return a mint that names this key ID
	 * @see SimulatedSpireServerBuilder#jwtKeyId(String)
	 */
	public SvidMint keyId(String keyId) {
		Assert.notNull(keyId, "'keyId' must not be null");
		return with(new Setting(this.setting.now(), this.setting.x509SvidTtl(), this.setting.jwtSvidTtl(),
				this.setting.intermediates(), keyId));
	}

	/**
	 * Sign an X509-SVID.
	 * @param spiffeId the SPIFFE ID, in any trust domain
	 * @return the X509-SVID
	 */
	public SimulatedX509Svid x509Svid(String spiffeId) {
		Assert.notNull(spiffeId, "'spiffeId' must not be null");
		Instant now = this.setting.now().get();
		X509Authority issuer = this.authority.active();
		for (String uri : this.setting.intermediates()) {
			issuer = issuer.intermediate(uri, now);
		}
		return SimulatedX509Svid.mint(issuer, spiffeId, now, this.setting.x509SvidTtl());
	}

	/**
	 * Sign a JWT-SVID.
	 * @param spiffeId the SPIFFE ID, in any trust domain
	 * @param audiences the audiences
	 * @return the token
	 */
	public String jwtSvid(String spiffeId, String... audiences) {
		Assert.notNull(spiffeId, "'spiffeId' must not be null");
		Assert.notNull(audiences, "'audiences' must not be null");
		Assert.noNullElements(audiences, "'audiences' must not contain null elements");
		Assert.state(this.jwtAuthority != null, "JWT functionality is disabled");
		JwtAuthority issuer = this.jwtAuthority.active();
		String keyId = this.setting.keyId();
		return issuer
			.issue((keyId != null) ? keyId : issuer.keyId(), spiffeId, List.of(audiences), false,
					this.setting.now().get(), this.setting.jwtSvidTtl())
			.getToken();
	}

	record Setting(Supplier<Instant> now, Duration x509SvidTtl, Duration jwtSvidTtl, List<String> intermediates,
			@Nullable String keyId) {

		Setting(Clock clock, SvidLifetimes lifetimes) {
			this(clock::instant, lifetimes.x509Svid(), lifetimes.jwtSvid(), List.of(), null);
		}

	}

}
