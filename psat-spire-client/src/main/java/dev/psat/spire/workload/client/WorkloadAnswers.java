package dev.psat.spire.workload.client;

import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.cert.X509Certificate;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BiFunction;
import java.util.function.Function;

import dev.psat.spiffe.SpiffeId;
import dev.psat.spiffe.TrustBundle;
import dev.psat.spiffe.TrustDomain;
import dev.psat.spiffe.X509Authority;
import dev.psat.spiffe.X509Svid;
import dev.psat.spiffe.internal.Certificates;
import dev.psat.spiffe.internal.Der;
import dev.psat.spiffe.internal.Quoted;
import dev.psat.spire.wire.internal.Message;
import dev.psat.spire.wire.internal.ReturnedJwt;
import org.jspecify.annotations.Nullable;

/**
 * What is wrong with an own SVID discards its whole message; what is wrong with the trust
 * bundle of another trust domain discards only that bundle.
 */
final class WorkloadAnswers {

	/** Each may have to be tried in a handshake, which anybody may begin. */
	private static final int MOST_FEDERATED = 200;

	WorkloadX509Update x509(Message answer) {
		List<WorkloadX509Svid> svids = answer.messages(WorkloadFields.X509SVID_RESPONSE_SVIDS)
			.stream()
			.map((message) -> new ReturnedX509Svid(message).accept())
			.toList();
		if (svids.isEmpty()) {
			throw invalid("no X.509-SVID");
		}
		Set<TrustDomain> own = new HashSet<>();
		svids.forEach((svid) -> own.add(svid.trustBundle().trustDomain()));
		Map<TrustDomain, TrustBundle> federated = bundles(
				answer.messages(WorkloadFields.X509SVID_RESPONSE_FEDERATED_BUNDLES), WorkloadAnswers::x509Bundle);
		federated.keySet().removeAll(own);
		return new WorkloadX509Update(firstOfEachHint(svids, (svid) -> svid.svid().hint()), federated);
	}

	Map<TrustDomain, TrustBundle> x509Bundles(Message answer) {
		return allBundles(answer.messages(WorkloadFields.X509BUNDLES_RESPONSE_BUNDLES), WorkloadAnswers::x509Bundle);
	}

	Map<TrustDomain, TrustBundle> jwtBundles(Message answer) {
		return allBundles(answer.messages(WorkloadFields.JWT_BUNDLES_RESPONSE_BUNDLES), WorkloadAnswers::jwtBundle);
	}

	List<WorkloadJwtSvid> jwtSvids(Message answer, Collection<String> audience, @Nullable SpiffeId requested) {
		List<WorkloadJwtSvid> svids = answer.messages(WorkloadFields.JWTSVID_RESPONSE_SVIDS)
			.stream()
			.map((message) -> jwtSvid(message, audience))
			.toList();
		if (svids.isEmpty()) {
			throw invalid("no JWT-SVID");
		}
		for (WorkloadJwtSvid svid : svids) {
			if (requested != null && !svid.svid().spiffeId().equals(requested)) {
				throw invalid("a JWT-SVID for %s, which was not requested".formatted(svid.svid().spiffeId()));
			}
		}
		return firstOfEachHint(svids, (svid) -> svid.svid().hint());
	}

	private WorkloadJwtSvid jwtSvid(Message message, Collection<String> audience) {
		SpiffeId spiffeId = spiffeId(message.text(WorkloadFields.JWTSVID_SPIFFE_ID), "a JWT-SVID");
		ReturnedJwt jwt = ReturnedJwt.of(message.text(WorkloadFields.JWTSVID_SVID), WorkloadAnswers::invalid);
		return new WorkloadJwtSvid(jwt.accept(spiffeId, audience, message.textOrNull(WorkloadFields.JWTSVID_HINT)),
				jwt.isSingleUse());
	}

	SpiffeId validated(Message answer) {
		return spiffeId(answer.text(WorkloadFields.VALIDATE_JWTSVID_RESPONSE_SPIFFE_ID), "the subject of a JWT-SVID");
	}

	private static SpiffeId spiffeId(String text, String what) {
		try {
			return SpiffeId.parse(text);
		}
		catch (IllegalArgumentException ex) {
			throw new WorkloadException(WorkloadFailureReason.INVALID_SVID,
					"The agent returned %s without a SPIFFE ID: %s".formatted(what, ex.getMessage()), ex);
		}
	}

	/**
	 * SPIFFE Workload API, section 4.4.1: who chooses by hint must not be given another
	 * one.
	 */
	private static <T> List<T> firstOfEachHint(List<T> svids, Function<T, @Nullable String> hint) {
		Set<String> hints = new HashSet<>();
		List<T> first = new ArrayList<>();
		for (T svid : svids) {
			String its = hint.apply(svid);
			if (its == null || hints.add(its)) {
				first.add(svid);
			}
		}
		return first;
	}

	/** Counted before anything is read: what others publish must not fill the memory. */
	private static TrustBundle x509Bundle(TrustDomain trustDomain, byte[] content) {
		if (Der.elements(content, MOST_FEDERATED).size() > MOST_FEDERATED) {
			throw new IllegalArgumentException("there are too many authorities");
		}
		return TrustBundle.of(trustDomain, ReturnedX509Svid.authorities(content), List.of(), null, null).ofAnother();
	}

	private static TrustBundle jwtBundle(TrustDomain trustDomain, byte[] content) {
		TrustBundle bundle = TrustBundle.parseJwtAuthorities(trustDomain, content);
		if (bundle.jwtAuthorities().size() > MOST_FEDERATED) {
			throw new IllegalArgumentException("there are too many authorities");
		}
		return bundle.ofAnother();
	}

	private static Map<TrustDomain, TrustBundle> allBundles(List<Message> messages,
			BiFunction<TrustDomain, byte[], TrustBundle> bundle) {
		Map<TrustDomain, TrustBundle> bundles = bundles(messages, bundle);
		if (bundles.isEmpty() && !messages.isEmpty()) {
			throw new WorkloadException(WorkloadFailureReason.INVALID_TRUST_BUNDLE,
					"The agent returned trust bundles, none of which can be used");
		}
		return bundles;
	}

	private static Map<TrustDomain, TrustBundle> bundles(List<Message> messages,
			BiFunction<TrustDomain, byte[], TrustBundle> bundle) {
		Map<TrustDomain, TrustBundle> bundles = new LinkedHashMap<>();
		for (Message message : messages) {
			try {
				TrustDomain trustDomain = TrustDomain.of(message.text(WorkloadFields.MAP_KEY));
				bundles.put(trustDomain, bundle.apply(trustDomain, message.bytes(WorkloadFields.MAP_VALUE)));
			}
			catch (RuntimeException ex) {
				// what others publish can make a provider fail in any way
			}
		}
		return bundles;
	}

	private static WorkloadException invalid(String what) {
		return new WorkloadException(WorkloadFailureReason.INVALID_SVID, "The agent returned " + what);
	}

	/**
	 * An X.509-SVID of the agent, which has yet to prove to be one. Its key is never
	 * quoted.
	 */
	record ReturnedX509Svid(Message message) {

		/**
		 * Whether the trust bundle vouches for the SVID is another matter: if its
		 * authority was revoked, the SVID has to be replaced, and the trust bundle counts
		 * at once.
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
				List<X509Certificate> chain = Certificates
					.readAll(this.message.bytes(WorkloadFields.X509SVID_X509_SVID));
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
					.generatePrivate(
							new PKCS8EncodedKeySpec(this.message.bytes(WorkloadFields.X509SVID_X509_SVID_KEY)));
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
						"there is no X.509 authority" + (bundle.leftOut().isEmpty() ? "" : ": " + bundle.leftOut()),
						null);
			}
			return bundle;
		}

		static List<X509Authority> authorities(byte[] der) {
			return Certificates.readAll(der)
				.stream()
				.map((certificate) -> new X509Authority(certificate, false))
				.toList();
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

}
