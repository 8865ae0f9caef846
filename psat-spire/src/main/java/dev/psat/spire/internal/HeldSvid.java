package dev.psat.spire.internal;

import java.security.PrivateKey;
import java.time.Instant;

import dev.psat.spiffe.SpiffeId;
import dev.psat.spiffe.X509Svid;
import dev.psat.spire.SpireStatus;
import dev.psat.spire.tls.KeyedSvid;
import org.jspecify.annotations.Nullable;

public record HeldSvid(KeyedSvid keyed, Subject subject, Renewal renewal) {

	public HeldSvid(X509Svid svid, PrivateKey key, Subject subject, long generation, Renewal renewal) {
		this(new KeyedSvid(svid, key, generation), subject, renewal);
	}

	public X509Svid svid() {
		return this.keyed.svid();
	}

	public long generation() {
		return this.keyed.generation();
	}

	public boolean isRenewalOf(@Nullable HeldSvid before) {
		return before != null && before.svid().spiffeId().equals(svid().spiffeId());
	}

	public SpireStatus.Svid shown() {
		return shown(this.renewal.at());
	}

	public SpireStatus.Svid shown(@Nullable Instant renewalDueAt) {
		X509Svid svid = svid();
		return SpireStatus.Svid
			.builder(svid.spiffeId(), svid.serialNumber(), generation(), svid.issuedAt(), svid.expiresAt())
			.renewalDueAt(renewalDueAt)
			.build();
	}

	/** Without the key. */
	@Override
	public String toString() {
		return "HeldSvid[svid=%s, generation=%d]".formatted(svid(), generation());
	}

	/**
	 * What SVIDs are issued for. Once it has changed, no earlier JWT-SVID is used any
	 * longer.
	 */
	public record Subject(SpiffeId spiffeId, String version, boolean singleUse) {

	}

}
