package dev.psat.spire.client;

import java.security.PublicKey;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.function.Predicate;

import dev.psat.spiffe.SpiffeId;
import dev.psat.spiffe.TrustBundle;
import dev.psat.spiffe.X509Svid;
import dev.psat.spiffe.internal.Certificates;
import org.jspecify.annotations.Nullable;

/** An X.509-SVID of the server, which has yet to prove to be the one requested. */
record ReturnedSvid(List<byte[]> chain, @Nullable String hint) {

	X509Svid accept(PublicKey key, Predicate<SpiffeId> expected, TrustBundle bundle, Instant now) {
		X509Svid svid = svid();
		if (!Arrays.equals(svid.leaf().getPublicKey().getEncoded(), key.getEncoded())) {
			throw invalid("an X.509-SVID for %s with a different key".formatted(svid.spiffeId()), null);
		}
		if (!expected.test(svid.spiffeId())) {
			throw invalid("an X.509-SVID for %s, which was not requested".formatted(svid.spiffeId()), null);
		}
		try {
			bundle.verifyIssued(svid, now);
		}
		catch (CertificateException ex) {
			throw invalid("an X.509-SVID that cannot be trusted: " + ex.getMessage(), ex);
		}
		return svid;
	}

	private X509Svid svid() {
		if (this.chain.isEmpty()) {
			throw invalid("an X.509-SVID without certificates", null);
		}
		List<X509Certificate> certificates = certificates();
		try {
			return X509Svid.of(certificates, this.hint);
		}
		catch (IllegalArgumentException ex) {
			throw notAnSvid((ex.getCause() != null) ? ex.getCause() : ex);
		}
	}

	private List<X509Certificate> certificates() {
		try {
			return this.chain.stream().map(Certificates::read).toList();
		}
		catch (IllegalArgumentException ex) {
			throw notAnSvid(ex);
		}
	}

	private static SpireException notAnSvid(Throwable problem) {
		return invalid("something that is not an X.509-SVID: " + problem.getMessage(), problem);
	}

	private static SpireException invalid(String what, @Nullable Throwable cause) {
		return new SpireException(FailureReason.INVALID_SVID, "The SPIRE Server returned " + what, cause);
	}

}
