package dev.psat.spire.jdbc;

import java.util.List;
import java.util.Set;

import dev.psat.spire.autoconfigure.internal.ClientCheck.Refusal;
import dev.psat.spire.ssl.SvidSslBundle;
import org.jspecify.annotations.Nullable;

/**
 * What a connection has to demand of the PostgreSQL driver. A server says in the clear
 * that it speaks TLS, so anybody on the way can say otherwise; and where the driver then
 * goes on without TLS, it never asks the socket factory.
 */
final class TlsDemand {

	/** The name by which the driver finds the socket factory. */
	static final String FACTORY = "dev.psat.spire.jdbc.SpiffeSocketFactory";

	private static final String SSL_FACTORY = "sslfactory";

	private static final String SSL_FACTORY_ARG = "sslfactoryarg";

	private static final String SSL_MODE = "sslmode";

	private static final String SSL = "ssl";

	private static final String GSS_ENC_MODE = "gssEncMode";

	private TlsDemand() {
	}

	static ConnectionSettings ofSetters(ConnectionSettings settings) {
		return settings.ofSetters(List.of(SSL_FACTORY, SSL_FACTORY_ARG, SSL_MODE, SSL, GSS_ENC_MODE));
	}

	/** Even if the driver would not understand it. */
	static boolean concerns(ConnectionSettings settings) {
		return settings.hasIgnoringCase(SSL_FACTORY, FACTORY);
	}

	/**
	 * {@code null} if they name none, or several.
	 */
	static @Nullable String bundleName(ConnectionSettings settings) {
		List<String> names = settings.values(SSL_FACTORY_ARG);
		return (names.size() == 1 && !names.get(0).isBlank()) ? names.get(0) : null;
	}

	static @Nullable Refusal checkNames(ConnectionSettings settings) {
		if (!settings.values(SSL_FACTORY).equals(List.of(FACTORY))) {
			return new Refusal(
					"The driver only uses the socket factory if '%s', in this spelling, names it and no other."
						.formatted(SSL_FACTORY),
					"Write '%s=%s'.".formatted(SSL_FACTORY, FACTORY));
		}
		if (bundleName(settings) == null) {
			return new Refusal("'%s' does not name one SSL bundle.".formatted(SSL_FACTORY_ARG),
					"Set '%s' to the name of the SSL bundle, such as 'spire'.".formatted(SSL_FACTORY_ARG));
		}
		return null;
	}

	/** That a connection can only be made by TLS, verified as the bundle does it. */
	static @Nullable Refusal checkMode(ConnectionSettings settings, SvidSslBundle bundle) {
		List<String> accepted = bundle.verifiesHostName() ? List.of("verify-full")
				: List.of("verify-ca", "verify-full");
		String action = "Set '%s' to '%s'.".formatted(SSL_MODE, accepted.get(0));
		List<String> modes = settings.values(SSL_MODE);
		if (modes.isEmpty() && !isFullByDefault(settings)) {
			return new Refusal(
					"'%s' is not set, so whoever answers for the server could go on without TLS.".formatted(SSL_MODE),
					action);
		}
		for (String mode : modes) {
			if (accepted.stream().noneMatch(mode::equalsIgnoreCase)) {
				return new Refusal(
						"'%s' is '%s', which does not demand that the server is verified as by the SSL bundle."
							.formatted(SSL_MODE, Refusal.quotable(mode)),
						action);
			}
		}
		return checkGss(settings);
	}

	/**
	 * By {@code ssl} and {@code ssl=true}, the driver demands the most without a mode.
	 */
	private static boolean isFullByDefault(ConnectionSettings settings) {
		List<String> values = settings.values(SSL);
		return !values.isEmpty() && values.stream().allMatch((value) -> value.isEmpty() || Boolean.parseBoolean(value));
	}

	/**
	 * After encryption by Kerberos, the driver asks for no TLS. By {@code allow}, it does
	 * not ask for Kerberos.
	 */
	private static @Nullable Refusal checkGss(ConnectionSettings settings) {
		return settings.values(GSS_ENC_MODE)
			.stream()
			.filter((mode) -> Set.of("disable", "allow").stream().noneMatch(mode::equalsIgnoreCase))
			.findFirst()
			.map((mode) -> new Refusal("'%s' is '%s', so Kerberos could take the place of TLS.".formatted(GSS_ENC_MODE,
					Refusal.quotable(mode)), "Set '%s' to 'disable', or remove it.".formatted(GSS_ENC_MODE)))
			.orElse(null);
	}

}
