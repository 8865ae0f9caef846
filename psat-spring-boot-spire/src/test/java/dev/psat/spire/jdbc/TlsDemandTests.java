package dev.psat.spire.jdbc;

import java.util.List;
import java.util.Properties;

import dev.psat.spire.TestIdentity;
import dev.psat.spire.ssl.IdentitySslBundle;
import dev.psat.spire.ssl.SpiffeSslBundle;
import dev.psat.spire.ssl.SvidSslBundle;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.postgresql.Driver;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link TlsDemand} and {@link ConnectionSettings}.
 */
class TlsDemandTests {

	private static final SvidSslBundle SPIRE = SpiffeSslBundle.of(new TestIdentity());

	private static final SvidSslBundle WEB = IdentitySslBundle.of(new TestIdentity());

	@Test
	void knowsTheSocketFactoryByName() {
		assertThat(TlsDemand.FACTORY).isEqualTo(SpiffeSocketFactory.class.getName());
	}

	@ParameterizedTest
	@ValueSource(strings = { "sslmode=verify-ca", "sslmode=verify-full", "sslmode=VERIFY-CA", "ssl=true", "ssl", "ssl=",
			"sslmode=verify%2Dca", "sslmode=verify-ca&ssl=false", "sslmode=verify-ca&gssEncMode=disable",
			"sslmode=verify-ca&gssEncMode=allow", "sslmode=verify-ca&sslmode=verify-full",
			"user=a&sslmode=verify-ca&x" })
	void acceptsWhatDemandsTls(String settings) {
		assertThat(TlsDemand.checkMode(url(settings), SPIRE)).isNull();
	}

	@ParameterizedTest
	@ValueSource(strings = { "", "user=orders", "sslMode=verify-ca", "SSLMODE=verify-ca", "ssl=false", "ssl=yes",
			"ssl=true&ssl=false", "service=orders" })
	void refusesWithoutMode(String settings) {
		assertThat(TlsDemand.checkMode(url(settings), SPIRE))
			.hasToString("'sslmode' is not set, so whoever answers for the server could go on without TLS. "
					+ "Set 'sslmode' to 'verify-ca'.");
	}

	@ParameterizedTest
	@ValueSource(strings = { "disable", "allow", "prefer", "require", "verify", "verify-ca ", "" })
	void refusesModeThatDoesNotDemandEnough(String mode) {
		assertThat(TlsDemand.checkMode(url("sslmode=" + mode), SPIRE)).hasToString(
				"'sslmode' is '%s', which does not demand that the server is verified as by the SSL bundle. Set 'sslmode' to 'verify-ca'."
					.formatted(mode));
	}

	@ParameterizedTest
	@ValueSource(strings = { "sslmode=verify-ca&sslmode=prefer", "sslmode=prefer&sslmode=verify-ca" })
	void refusesOneOfSeveralModes(String settings) {
		assertThat(TlsDemand.checkMode(url(settings), SPIRE)).asString().contains("'sslmode' is 'prefer'");
	}

	@ParameterizedTest
	@ValueSource(strings = { "prefer", "require", "x" })
	void refusesKerberosInsteadOfTls(String mode) {
		assertThat(TlsDemand.checkMode(url("sslmode=verify-ca&gssEncMode=" + mode), SPIRE)).hasToString(
				"'gssEncMode' is '%s', so Kerberos could take the place of TLS. Set 'gssEncMode' to 'disable', or remove it."
					.formatted(mode));
		assertThat(TlsDemand.checkMode(url("ssl=true&gssEncMode=" + mode), SPIRE)).isNotNull();
	}

	@Test
	void demandsTheHostNameWhereTheBundleVerifiesIt() {
		assertThat(TlsDemand.checkMode(url("sslmode=verify-full"), WEB)).isNull();
		assertThat(TlsDemand.checkMode(url("ssl=true"), WEB)).isNull();
		assertThat(TlsDemand.checkMode(url("sslmode=verify-ca"), WEB)).asString()
			.contains("'sslmode' is 'verify-ca'")
			.endsWith("Set 'sslmode' to 'verify-full'.");
		assertThat(TlsDemand.checkMode(url(""), WEB)).asString().endsWith("Set 'sslmode' to 'verify-full'.");
	}

	@Test
	void readsPropertiesAndTheirDefaults() {
		Properties defaults = new Properties();
		defaults.setProperty("sslmode", "verify-ca");
		Properties properties = new Properties(defaults);
		properties.setProperty("sslfactory", TlsDemand.FACTORY);
		properties.setProperty("sslfactoryarg", "spire");
		ConnectionSettings settings = ConnectionSettings.of(properties);
		assertThat(TlsDemand.concerns(settings)).isTrue();
		assertThat(TlsDemand.checkNames(settings)).isNull();
		assertThat(TlsDemand.bundleName(settings)).isEqualTo("spire");
		assertThat(TlsDemand.checkMode(settings, SPIRE)).isNull();
	}

	@ParameterizedTest
	@ValueSource(strings = { "sslfactoryarg=spire", "sslfactory=org.postgresql.ssl.NonValidatingFactory",
			"x=dev.psat.spire.jdbc.SpiffeSocketFactory" })
	void leavesOthersAlone(String settings) {
		assertThat(TlsDemand.concerns(url(settings))).isFalse();
	}

	@ParameterizedTest
	@ValueSource(strings = { "sslFactory=dev.psat.spire.jdbc.SpiffeSocketFactory&sslfactoryarg=spire",
			"sslfactory=dev.psat.spire.jdbc.SpiffeSocketFactory%20&sslfactoryarg=spire",
			"sslfactory=dev.psat.spire.jdbc.SpiffeSocketFactory&sslfactory=org.postgresql.ssl.NonValidatingFactory" })
	void refusesWhatTheDriverDoesNotUse(String settings) {
		assertThat(TlsDemand.concerns(url(settings))).isTrue();
		assertThat(TlsDemand.checkNames(url(settings))).hasToString(
				"The driver only uses the socket factory if 'sslfactory', in this spelling, names it and no other. "
						+ "Write 'sslfactory=dev.psat.spire.jdbc.SpiffeSocketFactory'.");
	}

	@ParameterizedTest
	@ValueSource(strings = { "", "&sslfactoryarg", "&sslfactoryarg=", "&sslfactoryarg=%20",
			"&sslfactoryarg=spire&sslfactoryarg=other", "&sslfactoryArg=spire" })
	void demandsTheNameOfABundle(String settings) {
		assertThat(TlsDemand.checkNames(url("sslfactory=" + TlsDemand.FACTORY + settings)))
			.hasToString("'sslfactoryarg' does not name one SSL bundle. "
					+ "Set 'sslfactoryarg' to the name of the SSL bundle, such as 'spire'.");
	}

	@Test
	void readsUrlsOfDriversThatWrapIt() {
		ConnectionSettings settings = ConnectionSettings
			.ofUrls(List.of("jdbc:wrapper:postgresql://db/x?a=%zz&sslfactory=" + TlsDemand.FACTORY));
		assertThat(TlsDemand.concerns(settings)).isTrue();
		assertThat(settings.values("a")).containsExactly("%zz");
		assertThat(TlsDemand.concerns(ConnectionSettings.ofUrls(List.of("jdbc:postgresql:orders")))).isFalse();
	}

	/**
	 * The driver takes what follows a semicolon for a part of the value.
	 */
	@Test
	void readsUrlsAsTheDriverDoes() {
		ConnectionSettings settings = url(
				"sslfactory=" + TlsDemand.FACTORY + "&sslfactoryarg=spire;sslmode=verify-ca&ssl%6Dode=verify-ca");
		assertThat(TlsDemand.bundleName(settings)).isEqualTo("spire;sslmode=verify-ca");
		assertThat(TlsDemand.checkMode(settings, SPIRE)).asString().startsWith("'sslmode' is not set");
		Properties driver = Driver.parseURL(
				"jdbc:postgresql://localhost/orders?sslfactoryarg=spire;sslmode=verify-ca&ssl%6Dode=verify-ca", null);
		assertThat(driver).containsEntry("sslfactoryarg", "spire;sslmode=verify-ca").doesNotContainKey("sslmode");
	}

	@Test
	void readsUrlAmongSetters() {
		Properties properties = new Properties();
		properties.setProperty("url", "jdbc:postgresql://localhost/orders?sslfactory=" + TlsDemand.FACTORY);
		properties.setProperty("sslFactoryArg", "spire");
		ConnectionSettings settings = TlsDemand.ofSetters(ConnectionSettings.of(properties));
		assertThat(TlsDemand.concerns(settings)).isTrue();
		assertThat(TlsDemand.checkNames(settings)).isNull();
		assertThat(TlsDemand.checkMode(settings, SPIRE)).asString().startsWith("'sslmode' is not set");
	}

	@Test
	void settersHaveSeveralSpellings() {
		Properties properties = new Properties();
		properties.setProperty("sslFactory", TlsDemand.FACTORY);
		properties.setProperty("SslFactoryArg", "spire");
		properties.setProperty("sslMode", "verify-ca");
		properties.setProperty("gssencmode", "require");
		ConnectionSettings settings = TlsDemand.ofSetters(ConnectionSettings.of(properties));
		assertThat(TlsDemand.checkNames(settings)).isNull();
		assertThat(TlsDemand.checkMode(settings, SPIRE)).asString().startsWith("'gssEncMode' is 'require'");
	}

	private static ConnectionSettings url(String settings) {
		return ConnectionSettings.ofUrls(List.of("jdbc:postgresql://localhost/orders?" + settings));
	}

}
