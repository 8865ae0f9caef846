package dev.psat.spire.security;

import org.springframework.security.oauth2.jwt.BadJwtException;
import org.springframework.security.oauth2.jwt.Jwt;
import org.springframework.security.oauth2.jwt.JwtException;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * A decoder that may block.
 */
interface TestDecoder {

	Jwt decode(String token);

	default void assertAccepted(TestJwtAuthority authority, String subject) {
		assertThat(decode(authority.issueTo(subject)).getSubject()).isEqualTo(subject);
	}

	default void assertRefused(String token) {
		assertThatExceptionOfType(BadJwtException.class).isThrownBy(() -> decode(token));
	}

	default void assertRefused(String token, String reason) {
		assertThatExceptionOfType(BadJwtException.class).isThrownBy(() -> decode(token)).withMessageContaining(reason);
	}

	/**
	 * Assert that it is the signature for which a token is refused.
	 */
	default void assertUnverified(String token, String reason) {
		assertThatExceptionOfType(BadJwtException.class).isThrownBy(() -> decode(token))
			.satisfies((ex) -> assertThat(ex).hasStackTraceContaining(reason));
	}

	default void assertUndecided(String token, String reason) {
		assertThatExceptionOfType(JwtException.class).isThrownBy(() -> decode(token))
			.isNotInstanceOf(BadJwtException.class)
			.satisfies((ex) -> assertThat(ex).hasStackTraceContaining(reason));
	}

}
