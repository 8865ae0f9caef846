package dev.psat.spire;

import java.util.Objects;
import java.util.function.Function;

import dev.psat.spiffe.TrustBundle;
import dev.psat.spiffe.TrustDomain;
import dev.psat.spire.tls.TlsIdentity;
import dev.psat.spire.tls.TlsSnapshot;
import org.jspecify.annotations.Nullable;

/**
 * An identity as seen by TLS. The key is only available from an identity that offers it.
 *
 * @param reference the reference to the identity
 */
record BundleIdentity(SpiffeSslBundle.IdentityReference reference) implements TlsIdentity {

	@Override
	public TlsSnapshot snapshot() {
		TlsSnapshot snapshot = ask(TlsIdentity::snapshot);
		return (snapshot != null) ? snapshot : TlsSnapshot.EMPTY;
	}

	@Override
	public @Nullable TrustBundle bundle(TrustDomain trustDomain) {
		return ask((identity) -> identity.bundle(trustDomain));
	}

	@Override
	public void onChange(Runnable listener) {
		if (this.reference.identity() instanceof TlsIdentity identity) {
			identity.onChange(listener);
		}
	}

	/**
	 * Ask an identity that may be the application's and fail, which ends no connection
	 * otherwise than by having nothing.
	 */
	private <T> @Nullable T ask(Function<TlsIdentity, @Nullable T> question) {
		try {
			return (this.reference.identity() instanceof TlsIdentity identity) ? question.apply(identity) : null;
		}
		// including undeclared exceptions: an identity need not be written in Java
		catch (Throwable ex) {
			return null;
		}
	}

	@Override
	public String absence() {
		SpireIdentity identity = this.reference.identity();
		if (identity == null) {
			return "The application has not started yet";
		}
		try {
			if (identity instanceof TlsIdentity offering) {
				return Objects.requireNonNullElse(offering.absence(), "The SPIRE identity does not say why");
			}
			identity.x509Svid();
		}
		catch (SvidUnavailableException ex) {
			return "%s (%s)".formatted(ex.getMessage(), ex.state());
		}
		// including undeclared exceptions: an identity need not be written in Java
		catch (Throwable ex) {
			return "The SPIRE identity failed: " + ex.getClass().getName();
		}
		return "The SpireIdentity bean does not implement TlsIdentity, so it has no private key to serve";
	}

}
