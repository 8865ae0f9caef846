package dev.psat.spire.client;

import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.util.List;
import java.util.function.Supplier;

import dev.psat.spiffe.SpiffeId;
import dev.psat.spiffe.TrustBundle;
import dev.psat.spiffe.TrustDomain;
import dev.psat.spiffe.X509Svid;
import org.jspecify.annotations.Nullable;

@FunctionalInterface
interface ServerVerifier {

	void verify(List<X509Certificate> chain) throws RejectedException;

	static ServerVerifier of(TrustDomain trustDomain, Supplier<TrustBundle> trustBundle, Clock clock) {
		SpiffeId expected = SpiffeId.of(trustDomain, "/spire/server");
		return (chain) -> {
			// first, since the trust bundle says nothing about a foreign trust domain
			X509Svid claimed = claimed(chain);
			if (!claimed.spiffeId().equals(expected)) {
				throw new RejectedException(FailureReason.SERVER_ID_MISMATCH,
						"The server claims to be %s, not %s".formatted(claimed.spiffeId(), expected));
			}
			try {
				trustBundle.get().verify(claimed, clock.instant());
			}
			catch (CertificateException ex) {
				throw new RejectedException(FailureReason.SERVER_NOT_TRUSTED, String.valueOf(ex.getMessage()), ex);
			}
		};
	}

	private static X509Svid claimed(List<X509Certificate> chain) throws RejectedException {
		try {
			return X509Svid.of(chain, null);
		}
		catch (IllegalArgumentException ex) {
			throw new RejectedException(FailureReason.SERVER_NOT_TRUSTED,
					"its certificate is not an X.509-SVID, %s; is TLS terminated before the SPIRE Server?"
						.formatted((ex.getCause() != null) ? ex.getCause().getMessage() : ex.getMessage()),
					ex);
		}
	}

	final class RejectedException extends CertificateException {

		private final FailureReason reason;

		RejectedException(FailureReason reason, String message) {
			this(reason, message, null);
		}

		RejectedException(FailureReason reason, String message, @Nullable Throwable cause) {
			super(message, cause);
			this.reason = reason;
		}

		FailureReason reason() {
			return this.reason;
		}

	}

}
