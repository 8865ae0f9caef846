package dev.psat.spire.client;

import java.security.PublicKey;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;
import java.util.function.Function;

import dev.psat.spiffe.JwtAuthority;
import dev.psat.spiffe.TrustBundle;
import dev.psat.spiffe.TrustDomain;
import dev.psat.spiffe.X509Authority;
import dev.psat.spiffe.internal.Certificates;
import dev.psat.spiffe.internal.PublicKeys;
import dev.psat.spire.wire.internal.Message;
import org.jspecify.annotations.Nullable;

record ReturnedBundle(Message message) {

	/** Each may have to be tried in a handshake, which anybody may begin. */
	private static final int MOST_FEDERATED = 200;

	TrustBundle accept(TrustDomain expected) {
		return accept(expected, ReturnedBundle::x509Authority, ReturnedBundle::jwtAuthority, (bundle) -> {
			if (bundle.x509Authorities().isEmpty()) {
				throw new IllegalArgumentException(
						"there is no X.509 authority" + (bundle.leftOut().isEmpty() ? "" : ": " + bundle.leftOut()));
			}
		});
	}

	/**
	 * What another trust domain publishes is not up to the server: an authority that
	 * cannot be read, or whose key would cost too much, ends only its own trust, and no
	 * authority at all ends that of all.
	 */
	TrustBundle acceptFederated(TrustDomain expected) {
		if (Math.max(count(FieldNumbers.BUNDLE_X509_AUTHORITIES),
				count(FieldNumbers.BUNDLE_JWT_AUTHORITIES)) > MOST_FEDERATED) {
			throw new SpireException(FailureReason.INVALID_TRUST_BUNDLE,
					"The trust bundle of %s has more than %d authorities of a kind".formatted(expected,
							MOST_FEDERATED));
		}
		return accept(expected, usable(ReturnedBundle::x509Authority), usable(ReturnedBundle::jwtAuthority),
				(bundle) -> {
				})
			.ofAnother();
	}

	private TrustBundle accept(TrustDomain expected, Function<Message, @Nullable X509Authority> x509Authority,
			Function<Message, @Nullable JwtAuthority> jwtAuthority, Consumer<TrustBundle> check) {
		try {
			TrustDomain trustDomain = TrustDomain.of(this.message.text(FieldNumbers.BUNDLE_TRUST_DOMAIN));
			if (!trustDomain.equals(expected)) {
				throw new IllegalArgumentException("it is that of " + trustDomain);
			}
			TrustBundle bundle = TrustBundle.of(trustDomain,
					authorities(FieldNumbers.BUNDLE_X509_AUTHORITIES, x509Authority),
					authorities(FieldNumbers.BUNDLE_JWT_AUTHORITIES, jwtAuthority),
					this.message.number(FieldNumbers.BUNDLE_SEQUENCE_NUMBER),
					Duration.ofSeconds(this.message.number(FieldNumbers.BUNDLE_REFRESH_HINT)));
			check.accept(bundle);
			return bundle;
		}
		catch (IllegalArgumentException ex) {
			throw new SpireException(FailureReason.INVALID_TRUST_BUNDLE,
					"The SPIRE Server returned a trust bundle that cannot be used: " + ex.getMessage(), ex);
		}
	}

	private int count(int field) {
		return this.message.all(field).size();
	}

	private <T> List<T> authorities(int field, Function<Message, @Nullable T> authority) {
		return this.message.messages(field).stream().map(authority).filter(Objects::nonNull).toList();
	}

	private static <T> Function<Message, @Nullable T> usable(Function<Message, @Nullable T> authority) {
		return (message) -> {
			try {
				return authority.apply(message);
			}
			catch (RuntimeException ex) {
				// untrusted input can make a provider fail in any way
				return null;
			}
		};
	}

	private static X509Authority x509Authority(Message message) {
		return new X509Authority(Certificates.read(message.bytes(FieldNumbers.X509CERTIFICATE_ASN1)),
				message.flag(FieldNumbers.X509CERTIFICATE_TAINTED));
	}

	/** Return {@code null} if this JDK cannot read the key. */
	private static @Nullable JwtAuthority jwtAuthority(Message message) {
		String keyId = message.text(FieldNumbers.JWT_KEY_KEY_ID);
		if (keyId.isEmpty()) {
			throw new IllegalArgumentException("a JWT authority has no key ID");
		}
		PublicKey key = PublicKeys.read(message.bytes(FieldNumbers.JWT_KEY_PUBLIC_KEY));
		long expiresAt = message.number(FieldNumbers.JWT_KEY_EXPIRES_AT);
		return (key != null) ? new JwtAuthority(keyId, key, (expiresAt > 0) ? Answers.instant(expiresAt) : null,
				message.flag(FieldNumbers.JWT_KEY_TAINTED)) : null;
	}

}
