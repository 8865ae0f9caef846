package dev.psat.spire.autoconfigure;

import dev.psat.spiffe.JwtSvid;
import dev.psat.spiffe.TrustBundle;
import dev.psat.spiffe.X509Svid;
import dev.psat.spire.SpireIdentity;
import dev.psat.spire.SpireState;
import dev.psat.spire.SpireStatus;
import dev.psat.spire.SvidUnavailableException;

final class DisabledIdentity implements SpireIdentity {

	private static final SpireStatus STATUS = SpireStatus.builder(SpireState.DISABLED).build();

	private final String property;

	DisabledIdentity(String property) {
		this.property = property;
	}

	@Override
	public X509Svid x509Svid() {
		throw refusal();
	}

	@Override
	public JwtSvid jwtSvid(String audience, String... more) {
		throw refusal();
	}

	@Override
	public TrustBundle trustBundle() {
		throw refusal();
	}

	@Override
	public SpireStatus status() {
		return STATUS;
	}

	private SvidUnavailableException refusal() {
		return new SvidUnavailableException("The SPIRE identity is disabled by '%s'".formatted(this.property),
				SpireState.DISABLED, "Set '%s' to 'true', or do without SVIDs.".formatted(this.property));
	}

}
