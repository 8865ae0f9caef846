package dev.psat.spire.client;

import java.security.KeyPair;
import java.security.PublicKey;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.function.Predicate;
import java.util.function.Supplier;

import dev.psat.spiffe.JwtSvid;
import dev.psat.spiffe.SpiffeId;
import dev.psat.spiffe.TrustBundle;
import dev.psat.spiffe.TrustDomain;
import dev.psat.spiffe.X509Svid;
import dev.psat.spiffe.internal.Certificates;
import dev.psat.spire.wire.internal.Message;
import dev.psat.spire.wire.internal.ReturnedJwt;
import org.jspecify.annotations.Nullable;

final class Answers {

	private final TrustDomain trustDomain;

	private final Supplier<TrustBundle> trustBundle;

	private final Clock clock;

	Answers(TrustDomain trustDomain, Supplier<TrustBundle> trustBundle, Clock clock) {
		this.trustDomain = trustDomain;
		this.trustBundle = trustBundle;
		this.clock = clock;
	}

	X509Svid x509Svid(Message message, KeyPair key, Predicate<SpiffeId> expected, @Nullable String hint) {
		return new ReturnedSvid(message.all(FieldNumbers.X509SVID_CERT_CHAIN), hint).accept(key.getPublic(), expected,
				trustBundle(), this.clock.instant());
	}

	private TrustBundle trustBundle() {
		try {
			return this.trustBundle.get();
		}
		catch (RuntimeException ex) {
			throw new SpireException(FailureReason.INVALID_SVID,
					"The X.509-SVID that the SPIRE Server returned could not be verified: " + ex.getMessage(), ex);
		}
	}

	JwtSvid jwtSvid(Message message, AuthorizedEntry entry, Collection<String> audience) {
		return ReturnedJwt.of(message.text(FieldNumbers.JWTSVID_TOKEN), Answers::invalid)
			.accept(entry.spiffeId(), audience, entry.hint());
	}

	private static SpireException invalid(String what) {
		return new SpireException(FailureReason.INVALID_SVID, "The SPIRE Server returned " + what);
	}

	TrustBundle trustBundle(Message message) {
		return new ReturnedBundle(message).accept(this.trustDomain);
	}

	TrustBundle federatedBundle(Message message, TrustDomain trustDomain) {
		return new ReturnedBundle(message).acceptFederated(trustDomain);
	}

	/** Like SPIRE's agent, skip malformed ones, which must not keep the rest away. */
	List<AuthorizedEntry> entries(List<Message> messages) {
		return messages.stream().map(Answers::entry).filter(Objects::nonNull).toList();
	}

	private static @Nullable AuthorizedEntry entry(Message message) {
		try {
			String id = message.text(FieldNumbers.ENTRY_ID);
			SpiffeId spiffeId = spiffeId(message.message(FieldNumbers.ENTRY_SPIFFE_ID));
			List<Selector> selectors = message.messages(FieldNumbers.ENTRY_SELECTORS)
				.stream()
				.map(Answers::selector)
				.toList();
			if (id.isEmpty() || spiffeId.path().isEmpty() || selectors.isEmpty()) {
				return null;
			}
			List<String> federatesWith = message.texts(FieldNumbers.ENTRY_FEDERATES_WITH);
			federatesWith.forEach(TrustDomain::of);
			return new Entry(id, spiffeId, selectors, federatesWith, message.flag(FieldNumbers.ENTRY_ADMIN),
					message.flag(FieldNumbers.ENTRY_DOWNSTREAM), message.flag(FieldNumbers.ENTRY_STORE_SVID),
					message.number(FieldNumbers.ENTRY_REVISION_NUMBER), message.textOrNull(FieldNumbers.ENTRY_HINT),
					instant(message.number(FieldNumbers.ENTRY_CREATED_AT)),
					message.message(FieldNumbers.ENTRY_ADDITIONAL_ATTRIBUTES)
						.flag(FieldNumbers.ENTRY_ADDITIONAL_ATTRIBUTES_JWT_SVID_INCLUDE_JTI));
		}
		catch (IllegalArgumentException ex) {
			return null;
		}
	}

	private static SpiffeId spiffeId(Message message) {
		return SpiffeId.of(TrustDomain.of(message.text(FieldNumbers.SPIFFEID_TRUST_DOMAIN)),
				message.text(FieldNumbers.SPIFFEID_PATH));
	}

	private static Selector selector(Message message) {
		String type = message.text(FieldNumbers.SELECTOR_TYPE);
		String value = message.text(FieldNumbers.SELECTOR_VALUE);
		if (type.isEmpty() || type.contains(":") || value.isEmpty()) {
			throw new IllegalArgumentException("a selector has no type or value");
		}
		return new Selector(type, value);
	}

	static Instant instant(long seconds) {
		try {
			return Instant.ofEpochSecond(seconds);
		}
		catch (DateTimeException ex) {
			throw new IllegalArgumentException("a time is out of range", ex);
		}
	}

	record Entry(String id, SpiffeId spiffeId, List<Selector> selectors, List<String> federatesWith, boolean admin,
			boolean downstream, boolean storeSvid, long revisionNumber, @Nullable String hint, Instant createdAt,
			boolean jwtSvidIncludesJti) implements AuthorizedEntry {

	}

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

}
