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
 * Makes values of the server's messages, and refuses what was not asked for.
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
	 * @param key the pair of keys that the SVID was asked for
	 * @param expected whether an ID is one that was asked for
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
	 * @param message what the server returned; that it says when the token expires is
	 * ignored, since the token says so itself
	 * @param entry the entry that it was asked for
	 * @param audience the audiences that were asked for
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
	 * Return the authority, or {@code null} if this JDK cannot read its key: what no one
	 * here could verify need not be kept.
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
	 * Return the entries that can be understood. Others are left out, as SPIRE's agent
	 * does: one of them must not keep the others from their workloads.
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
