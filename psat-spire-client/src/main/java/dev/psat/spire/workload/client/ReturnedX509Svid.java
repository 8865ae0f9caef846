package dev.psat.spire.workload.client;

import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.cert.X509Certificate;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.List;

import dev.psat.spiffe.SpiffeId;
import dev.psat.spiffe.TrustBundle;
import dev.psat.spiffe.X509Authority;
import dev.psat.spiffe.X509Svid;
import dev.psat.spiffe.internal.Certificates;
import dev.psat.spiffe.internal.Quoted;
import dev.psat.spire.wire.internal.Message;
import org.jspecify.annotations.Nullable;

/**
 * An X.509-SVID of the agent, which has yet to prove to be one. Its key is never quoted.
 */
record ReturnedX509Svid(Message message) {

	/**
	 * Whether the trust bundle vouches for the SVID is another matter: if its authority
	 * was revoked, the SVID has to be replaced, and the trust bundle counts at once.
	 */
	WorkloadX509Svid accept() {
		X509Svid svid = svid();
		String announced = this.message.text(WorkloadFields.X509SVID_SPIFFE_ID);
		if (!announced.equals(svid.spiffeId().toString())) {
			throw invalid("an X.509-SVID for %s as that of %s".formatted(svid.spiffeId(), Quoted.text(announced)),
					null);
		}
		return new WorkloadX509Svid(svid, key(svid), bundle(svid.spiffeId()));
	}

	private X509Svid svid() {
		try {
			List<X509Certificate> chain = Certificates.readAll(this.message.bytes(WorkloadFields.X509SVID_X509_SVID));
			return X509Svid.of(chain, this.message.textOrNull(WorkloadFields.X509SVID_HINT));
		}
		catch (IllegalArgumentException ex) {
			Throwable problem = (ex.getCause() instanceof IllegalArgumentException cause) ? cause : ex;
			throw invalid("something that is not an X.509-SVID: " + problem.getMessage(), problem);
		}
	}

	/** No exception has a cause, which could quote the key. */
	private PrivateKey key(X509Svid svid) {
		PublicKey publicKey = svid.leaf().getPublicKey();
		PrivateKey key;
		try {
			key = KeyFactory.getInstance(publicKey.getAlgorithm())
				.generatePrivate(new PKCS8EncodedKeySpec(this.message.bytes(WorkloadFields.X509SVID_X509_SVID_KEY)));
		}
		catch (GeneralSecurityException ex) {
			throw invalid("an X.509-SVID for %s with a key that is malformed or of another type than %s"
				.formatted(svid.spiffeId(), publicKey.getAlgorithm()), null);
		}
		if (!fits(key, publicKey)) {
			throw invalid("an X.509-SVID for %s with a different key".formatted(svid.spiffeId()), null);
		}
		return key;
	}

	private static boolean fits(PrivateKey key, PublicKey publicKey) {
		byte[] text = { 1 };
		try {
			Signature signature = Signature.getInstance(algorithm(publicKey));
			signature.initSign(key);
			signature.update(text);
			byte[] signed = signature.sign();
			signature.initVerify(publicKey);
			signature.update(text);
			return signature.verify(signed);
		}
		catch (GeneralSecurityException ex) {
			return false;
		}
	}

	private static String algorithm(PublicKey key) {
		return switch (key.getAlgorithm()) {
			case "EC" -> "SHA256withECDSA";
			case "RSA" -> "SHA256withRSA";
			default -> key.getAlgorithm();
		};
	}

	private TrustBundle bundle(SpiffeId spiffeId) {
		TrustBundle bundle;
		try {
			bundle = TrustBundle.of(spiffeId.trustDomain(),
					authorities(this.message.bytes(WorkloadFields.X509SVID_BUNDLE)), List.of(), null, null);
		}
		catch (IllegalArgumentException ex) {
			throw invalidBundle(spiffeId, ex.getMessage(), ex);
		}
		if (bundle.isEmpty()) {
			throw invalidBundle(spiffeId,
					"there is no X.509 authority" + (bundle.leftOut().isEmpty() ? "" : ": " + bundle.leftOut()), null);
		}
		return bundle;
	}

	static List<X509Authority> authorities(byte[] der) {
		return Certificates.readAll(der).stream().map((certificate) -> new X509Authority(certificate, false)).toList();
	}

	private static WorkloadException invalidBundle(SpiffeId spiffeId, @Nullable String problem,
			@Nullable Throwable cause) {
		return new WorkloadException(WorkloadFailureReason.INVALID_TRUST_BUNDLE,
				"The agent returned a trust bundle of %s that cannot be used: %s".formatted(spiffeId.trustDomain(),
						problem),
				cause);
	}

	private static WorkloadException invalid(String what, @Nullable Throwable cause) {
		return new WorkloadException(WorkloadFailureReason.INVALID_SVID, "The agent returned " + what, cause);
	}

}
