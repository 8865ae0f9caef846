package dev.psat.spire.client;

import java.security.KeyPair;
import java.security.PublicKey;
import java.time.Clock;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.function.Predicate;
import java.util.function.Supplier;

import com.google.protobuf.ByteString;
import dev.psat.spire.client.proto.Bundle;
import dev.psat.spire.client.proto.Entry;
import dev.psat.spire.client.proto.JWTKey;
import dev.psat.spire.client.proto.JWTSVID;
import dev.psat.spire.client.proto.X509Certificate;
import dev.psat.spire.client.proto.X509SVID;
import org.jspecify.annotations.Nullable;

/**
 * Converts the server's messages to values, and rejects anything that was not requested.
 */
final class Answers {

	private final TrustDomain trustDomain;

	private final Supplier<TrustBundle> trustBundle;

	private final Clock clock;

	Answers(TrustDomain trustDomain, Supplier<TrustBundle> trustBundle, Clock clock) {
		this.trustDomain = trustDomain;
		this.trustBundle = trustBundle;
		this.clock = clock;
	}

	/**
	 * Accept an X.509-SVID.
	 * @param message what the server returned
	 * @param key the key pair for which the SVID was requested
	 * @param expected tests whether a SPIFFE ID is a requested one
	 * @param hint the hint of the entry, which the server does not repeat
	 * @return the X.509-SVID
	 */
	X509Svid x509Svid(X509SVID message, KeyPair key, Predicate<SpiffeId> expected, @Nullable String hint) {
		List<byte[]> chain = message.getCertChainList().stream().map(ByteString::toByteArray).toList();
		return new ReturnedSvid(chain, hint).accept(key.getPublic(), expected, trustBundle(), this.clock.instant());
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

	/**
	 * Accept a JWT-SVID.
	 * @param message what the server returned; its expiry is ignored in favor of the
	 * token's own
	 * @param entry the entry for which it was requested
	 * @param audience the requested audiences
	 * @return the JWT-SVID
	 */
	JwtSvid jwtSvid(JWTSVID message, AuthorizedEntry entry, Collection<String> audience) {
		return ReturnedJwt.of(message.getToken()).accept(entry, audience, this.clock.instant());
	}

	TrustBundle trustBundle(Bundle message) {
		try {
			TrustDomain trustDomain = TrustDomain.of(message.getTrustDomain());
			if (!trustDomain.equals(this.trustDomain)) {
				throw new IllegalArgumentException("it is that of " + trustDomain);
			}
			return new TrustBundle(trustDomain,
					message.getX509AuthoritiesList().stream().map(Answers::x509Authority).toList(),
					message.getJwtAuthoritiesList()
						.stream()
						.map(Answers::jwtAuthority)
						.filter(Objects::nonNull)
						.toList(),
					message.getSequenceNumber(), Duration.ofSeconds(message.getRefreshHint()));
		}
		catch (IllegalArgumentException ex) {
			throw new SpireException(FailureReason.INVALID_TRUST_BUNDLE,
					"The SPIRE Server returned a trust bundle that cannot be used: " + ex.getMessage(), ex);
		}
	}

	private static X509Authority x509Authority(X509Certificate message) {
		return new X509Authority(Certificates.read(message.getAsn1().toByteArray()), message.getTainted());
	}

	/**
	 * Return the authority, or {@code null} if this JDK cannot read its key and so could
	 * not verify anything with it.
	 */
	private static @Nullable JwtAuthority jwtAuthority(JWTKey message) {
		if (message.getKeyId().isEmpty()) {
			throw new IllegalArgumentException("a JWT authority has no key ID");
		}
		PublicKey key = PublicKeys.read(message.getPublicKey().toByteArray());
		return (key != null)
				? new JwtAuthority(message.getKeyId(), key,
						(message.getExpiresAt() > 0) ? instant(message.getExpiresAt()) : null, message.getTainted())
				: null;
	}

	/**
	 * Return the well-formed entries. Like SPIRE's agent, skip the others, so that one
	 * malformed entry does not keep the rest from their workloads.
	 */
	List<AuthorizedEntry> entries(List<Entry> messages) {
		return messages.stream().map(Answers::entry).filter(Objects::nonNull).toList();
	}

	private static @Nullable AuthorizedEntry entry(Entry message) {
		try {
			SpiffeId spiffeId = SpiffeId.of(TrustDomain.of(message.getSpiffeId().getTrustDomain()),
					message.getSpiffeId().getPath());
			if (message.getId().isEmpty() || spiffeId.path().isEmpty() || message.getSelectorsCount() == 0) {
				return null;
			}
			message.getFederatesWithList().forEach(TrustDomain::of);
			return new AuthorizedEntry(message.getId(), spiffeId,
					message.getSelectorsList().stream().map(Answers::selector).toList(), message.getFederatesWithList(),
					message.getAdmin(), message.getDownstream(), message.getStoreSvid(), message.getRevisionNumber(),
					text(message.getHint()), instant(message.getCreatedAt()),
					message.getAdditionalAttributes().getJwtSvidIncludeJti());
		}
		catch (IllegalArgumentException ex) {
			return null;
		}
	}

	private static Selector selector(dev.psat.spire.client.proto.Selector message) {
		if (message.getType().isEmpty() || message.getType().contains(":") || message.getValue().isEmpty()) {
			throw new IllegalArgumentException("a selector has no type or value");
		}
		return new Selector(message.getType(), message.getValue());
	}

	private static Instant instant(long seconds) {
		try {
			return Instant.ofEpochSecond(seconds);
		}
		catch (DateTimeException ex) {
			throw new IllegalArgumentException("a time is out of range", ex);
		}
	}

	private static @Nullable String text(String value) {
		return value.isEmpty() ? null : value;
	}

}
