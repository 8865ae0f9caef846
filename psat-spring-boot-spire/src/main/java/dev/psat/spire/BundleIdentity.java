package dev.psat.spire;

import dev.psat.spire.tls.TlsIdentity;
import dev.psat.spire.tls.TlsSnapshot;

/**
 * An identity as seen by TLS. The key is only available from an identity of this library,
 * since others do not expose it.
 *
 * @param reference the reference to the identity
 */
record BundleIdentity(SpiffeSslBundle.IdentityReference reference) implements TlsIdentity {

	@Override
	public TlsSnapshot snapshot() {
		return (this.reference.identity() instanceof ServerSpireIdentity identity) ? identity.tls() : TlsSnapshot.EMPTY;
	}

	@Override
	public String absence() {
		SpireIdentity identity = this.reference.identity();
		if (identity == null) {
			return "The application has not started yet";
		}
		try {
			identity.x509Svid();
		}
		catch (SvidUnavailableException ex) {
			return "%s (%s)".formatted(ex.getMessage(), ex.state());
		}
		catch (RuntimeException ex) {
			return "The SPIRE identity failed: " + ex.getClass().getName();
		}
		return (identity instanceof ServerSpireIdentity) ? "The X.509-SVID has only just arrived"
				: "An identity that was not built by SpireIdentity.builder() has no private key to serve";
	}

}
