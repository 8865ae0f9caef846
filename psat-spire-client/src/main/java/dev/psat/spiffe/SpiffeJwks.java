package dev.psat.spiffe;

import java.math.BigInteger;
import java.security.PublicKey;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;

import dev.psat.spiffe.internal.Certificates;
import dev.psat.spiffe.internal.JsonReader;
import org.jspecify.annotations.Nullable;

/**
 * Reads a JWK set (SPIFFE Trust Domain and Bundle, section 4), and follows SPIRE where
 * the standard is silent. Keys of an unknown use, type or curve are ignored.
 */
final class SpiffeJwks {

	private final List<X509Authority> x509Authorities = new ArrayList<>();

	private final List<JwtAuthority> jwtAuthorities = new ArrayList<>();

	private SpiffeJwks() {
	}

	static TrustBundle read(TrustDomain trustDomain, byte[] json) {
		Map<?, ?> set = set(json);
		SpiffeJwks authorities = new SpiffeJwks();
		for (Object key : keys(set)) {
			authorities.add(key(key));
		}
		Long refreshHint = integer(set, "spiffe_refresh_hint");
		return TrustBundle.of(trustDomain, authorities.x509Authorities, authorities.jwtAuthorities,
				unsigned(set, "spiffe_sequence"), (refreshHint != null) ? Duration.ofSeconds(refreshHint) : null);
	}

	/** Keys need not name their use. One that cannot be read ends only its own trust. */
	static List<JwtAuthority> readJwtAuthorities(byte[] json) {
		SpiffeJwks authorities = new SpiffeJwks();
		for (Object member : keys(set(json))) {
			try {
				JsonWebKey key = key(member);
				if (key.members().get("use") == null || "jwt-svid".equals(key.text("use"))) {
					authorities.addJwtAuthority(key);
				}
			}
			catch (IllegalArgumentException ex) {
				// ends no trust but its own
			}
		}
		return authorities.jwtAuthorities;
	}

	private static Map<?, ?> set(byte[] json) {
		if (JsonReader.read(json) instanceof Map<?, ?> set) {
			return set;
		}
		throw new IllegalArgumentException("the JSON is not a JWK set");
	}

	private static List<?> keys(Map<?, ?> set) {
		if (set.get("keys") instanceof List<?> keys) {
			return keys;
		}
		throw new IllegalArgumentException("the JSON is not a JWK set");
	}

	private static JsonWebKey key(Object key) {
		if (key instanceof Map<?, ?> members) {
			return new JsonWebKey(members);
		}
		throw new IllegalArgumentException("a JWK is not an object");
	}

	private void add(JsonWebKey key) {
		String use = key.text("use");
		if ("x509-svid".equals(use)) {
			X509Certificate certificate = certificate(key);
			if (!key.isThatOf(certificate.getPublicKey())) {
				throw new IllegalArgumentException("a JWK for X.509-SVIDs has another key than its certificate");
			}
			this.x509Authorities.add(new X509Authority(certificate, false));
		}
		else if ("jwt-svid".equals(use)) {
			addJwtAuthority(key);
		}
	}

	private void addJwtAuthority(JsonWebKey key) {
		String keyId = key.required("kid");
		PublicKey publicKey = key.publicKey();
		if (publicKey != null) {
			this.jwtAuthorities.add(new JwtAuthority(keyId, publicKey, null, false));
		}
	}

	private static X509Certificate certificate(JsonWebKey key) {
		if (key.members().get("x5c") instanceof List<?> chain && chain.size() == 1
				&& chain.get(0) instanceof String certificate) {
			try {
				return Certificates.read(Base64.getDecoder().decode(certificate));
			}
			catch (IllegalArgumentException ex) {
				throw new IllegalArgumentException("a JWK has no certificate in \"x5c\"", ex);
			}
		}
		throw new IllegalArgumentException("a JWK for X.509-SVIDs must have one certificate in \"x5c\"");
	}

	private static @Nullable Long integer(Map<?, ?> set, String name) {
		Object value = set.get(name);
		if (isAbsent(value) || value instanceof Long) {
			return (value instanceof Long integer) ? integer : null;
		}
		throw new IllegalArgumentException("\"%s\" is not a 64-bit integer".formatted(name));
	}

	private static @Nullable Long unsigned(Map<?, ?> set, String name) {
		Object value = set.get(name);
		if (value instanceof BigInteger large) {
			return large.longValue();
		}
		if (isAbsent(value) || value instanceof Long integer && integer >= 0) {
			return (value instanceof Long integer) ? integer : null;
		}
		throw new IllegalArgumentException("\"%s\" is not an unsigned 64-bit integer".formatted(name));
	}

	private static boolean isAbsent(@Nullable Object value) {
		return value == null || value == JsonReader.NULL;
	}

}
