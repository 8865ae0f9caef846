package dev.psat.spire.jdbc;

import java.net.InetAddress;
import java.net.Socket;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.Map;
import java.util.Properties;

import javax.net.ssl.SSLException;

import dev.psat.spire.KeyedIdentity;
import dev.psat.spire.ssl.IdentitySslBundle;
import dev.psat.spire.ssl.SpiffeSslBundle;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.assertj.core.api.ThrowableAssertAlternative;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.boot.ssl.DefaultSslBundleRegistry;
import org.springframework.boot.ssl.SslBundle;
import org.springframework.boot.ssl.SslOptions;
import org.springframework.boot.ssl.SslStoreBundle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

/**
 * Tests for {@link SpiffeSocketFactory} with the real driver.
 */
class SpiffeSocketFactoryTests {

	/** What the server answers once it has been told everything. */
	private static final String CONNECTED = "FATAL: not today";

	private final KeyedIdentity identity = new KeyedIdentity();

	private final SpiffeSslBundle bundle = SpiffeSslBundle.of(this.identity).authorizing((peer) -> true);

	@AutoClose
	private final FakePostgres server = new FakePostgres(this.bundle.createSslContext(), 'S');

	@AutoClose
	private final LiveBundles live = LiveBundles.open("orders", bundles());

	private DefaultSslBundleRegistry bundles() {
		DefaultSslBundleRegistry bundles = new DefaultSslBundleRegistry("listed", this.bundle);
		bundles.registerBundle("nobody", SpiffeSslBundle.of(this.identity));
		bundles.registerBundle("web", IdentitySslBundle.of(this.identity));
		bundles.registerBundle("any-name", IdentitySslBundle.of(() -> this.identity, this::classic, SslOptions.NONE));
		bundles.registerBundle("classic", SslBundle.of(SslStoreBundle.NONE));
		return bundles;
	}

	/**
	 * Return a bundle that trusts the same authority, but as one of the web.
	 */
	private SslBundle classic() {
		return SslBundle.of(SslStoreBundle.of(null, null, this.bundle.getStores().getTrustStore()));
	}

	@Test
	void presentsTheCurrentSvidInEachConnection() {
		this.identity.rotate();
		String first = this.identity.x509Svid().serialNumber().toString();
		assertThatConnecting("listed", "sslmode=verify-ca").withMessage(CONNECTED);
		assertThatConnecting("listed", "ssl=true&sslmode=verify-ca").withMessage(CONNECTED);
		this.identity.rotate();
		assertThatConnecting("listed", "sslmode=verify-ca").withMessage(CONNECTED);
		assertThat(this.server.startups()).containsExactly(first, first,
				this.identity.x509Svid().serialNumber().toString());
	}

	@Test
	void refusesServerThatIsNotListed() {
		this.identity.rotate();
		assertThatConnecting("nobody", "sslmode=verify-ca").withMessageStartingWith("SSL error: ")
			.withMessageContaining("is not authorized, since nobody is");
		assertThat(this.server.startups()).isEmpty();
	}

	@Test
	void refusesWithoutSvid() {
		assertThatConnecting("listed", "sslmode=verify-ca").withMessageStartingWith("SSL error: ");
		assertThat(this.server.startups()).isEmpty();
	}

	@Test
	void refusesServerThatStripsTls() throws Exception {
		this.identity.rotate();
		try (FakePostgres stripping = new FakePostgres(this.bundle.createSslContext(), 'N')) {
			assertThatExceptionOfType(SQLException.class)
				.isThrownBy(connect(stripping.url("localhost", settings("listed", "sslmode=verify-ca"))))
				.withMessage("The server does not support SSL.");
			assertThat(stripping.startups()).isEmpty();
		}
	}

	/**
	 * What the driver does, and why the start fails: no factory is asked.
	 */
	@ParameterizedTest
	@ValueSource(strings = { "", "sslmode=prefer", "sslmode=allow", "sslmode=disable" })
	void driverStripsTlsWhereItIsNotDemanded(String mode) throws Exception {
		this.identity.rotate();
		try (FakePostgres stripping = new FakePostgres(this.bundle.createSslContext(), 'N')) {
			assertThatExceptionOfType(SQLException.class)
				.isThrownBy(connect(stripping.url("localhost", settings("listed", mode))))
				.withMessage(CONNECTED);
			assertThat(stripping.startups()).contains("clear");
		}
	}

	/**
	 * The second line, where the server does speak TLS.
	 */
	@ParameterizedTest
	@ValueSource(strings = { "", "sslmode=prefer", "sslmode=require", "sslMode=verify-ca" })
	void refusesConnectionThatDoesNotDemandTls(String mode) {
		this.identity.rotate();
		assertThatConnecting("listed", mode).withMessageStartingWith("SSL error: 'sslmode' is ")
			.withMessageEndingWith(" Set 'sslmode' to 'verify-ca'.");
		assertThat(this.server.startups()).isEmpty();
	}

	@Test
	void demandsAndVerifiesTheHostNameWhereTheBundleDoes() {
		this.identity.rotate();
		assertThatConnecting("any-name", "sslmode=verify-ca")
			.withMessageStartingWith("SSL error: 'sslmode' is 'verify-ca'")
			.withMessageEndingWith("Set 'sslmode' to 'verify-full'.");
		assertThatConnecting("any-name", "sslmode=verify-full").withMessageContaining("localhost");
		assertThatConnecting("web", "sslmode=verify-full").withMessageContaining("PKIX path building failed");
		assertThat(this.server.startups()).isEmpty();
	}

	@Test
	void hostNameOfServerWithoutDnsNameIsNotVerifiedByTheDriver() {
		this.identity.rotate();
		assertThatConnecting("listed", "sslmode=verify-full")
			.withMessageStartingWith("The hostname localhost could not be verified");
		assertThat(this.server.startups()).isEmpty();
	}

	@Test
	void connectsWithoutAskingForTlsFirst() throws Exception {
		this.identity.rotate();
		try (FakePostgres direct = new FakePostgres(this.bundle.createSslContext(), 'D')) {
			assertThatExceptionOfType(SQLException.class)
				.isThrownBy(
						connect(direct.url("localhost", settings("listed", "sslmode=verify-ca&sslNegotiation=direct"))))
				.withMessage(CONNECTED);
			assertThat(direct.startups()).containsExactly(this.identity.x509Svid().serialNumber().toString());
		}
	}

	@Test
	void refusesWhatIsNoBundleOfTheIdentity() {
		assertThatConnecting("unknown", "sslmode=verify-ca")
			.withMessageStartingWith("SSL error: There is no SSL bundle 'unknown' in ")
			.withMessageContaining("'orders'");
		assertThatConnecting("classic", "sslmode=verify-ca")
			.withMessage("SSL error: The SSL bundle 'classic' does not present the SPIRE identity.");
		assertThatConnecting("listed;password=hidden", "sslmode=verify-ca")
			.withMessageStartingWith("SSL error: There is no SSL bundle 'listed…' in ");
		assertThatConnecting("", "sslmode=verify-ca")
			.withMessageStartingWith("SSL error: 'sslfactoryarg' does not name one SSL bundle. Set 'sslfactoryarg' to");
	}

	@Test
	void refusesOneNameFromTwoLiveContexts() {
		this.identity.rotate();
		try (LiveBundles second = LiveBundles.open("billing",
				new DefaultSslBundleRegistry("listed", SpiffeSslBundle.of(new KeyedIdentity())))) {
			assertThatConnecting("listed", "sslmode=verify-ca").withMessageContaining("'billing', 'orders'");
			assertThat(this.server.startups()).isEmpty();
			assertThatConnecting("listed", "sslmode=verify-ca&%s=%s".formatted(LiveBundles.CONTEXT, this.live.key()))
				.withMessage(CONNECTED);
			assertThatConnecting("listed", "sslmode=verify-ca&%s=%s".formatted(LiveBundles.CONTEXT, second.key()))
				.withMessageStartingWith("SSL error: ");
			assertThat(this.server.startups()).hasSize(1);
		}
		assertThatConnecting("listed", "sslmode=verify-ca").withMessage(CONNECTED);
	}

	@Test
	void refusesConnectionOfAClosedContext() {
		this.identity.rotate();
		this.live.close();
		assertThatConnecting("listed", "sslmode=verify-ca&%s=%s".formatted(LiveBundles.CONTEXT, this.live.key()))
			.withMessage("SSL error: The application context of this connection has been closed.");
	}

	@Test
	void refusesSocketsOfEveryKind() throws Exception {
		SpiffeSocketFactory factory = new SpiffeSocketFactory(new Properties());
		InetAddress host = InetAddress.getLoopbackAddress();
		try (Socket socket = new Socket()) {
			for (ThrowingCallable create : new ThrowingCallable[] { factory::createSocket,
					() -> factory.createSocket("localhost", 1), () -> factory.createSocket("localhost", 1, host, 0),
					() -> factory.createSocket(host, 1), () -> factory.createSocket(host, 1, host, 0),
					() -> factory.createSocket(socket, "localhost", 1, true) }) {
				assertThatExceptionOfType(SSLException.class).isThrownBy(create)
					.withMessageStartingWith("The driver only uses the socket factory if");
			}
		}
		assertThat(factory.getDefaultCipherSuites()).isEmpty();
		assertThat(factory.getSupportedCipherSuites()).isEmpty();
	}

	@Test
	void opensSocketsOfTheBundle() throws Exception {
		Properties properties = new Properties();
		properties.putAll(Map.of("sslfactory", TlsDemand.FACTORY, "sslfactoryarg", "listed", "sslmode", "verify-ca"));
		SpiffeSocketFactory factory = new SpiffeSocketFactory(properties);
		assertThat(factory.getDefaultCipherSuites()).isNotEmpty();
		assertThat(factory.getSupportedCipherSuites()).isNotEmpty();
		try (Socket socket = factory.createSocket()) {
			assertThat(socket.isConnected()).isFalse();
		}
	}

	@Test
	@SuppressWarnings("NullAway")
	void propertiesAreRequired() {
		assertThatIllegalArgumentException().isThrownBy(() -> new SpiffeSocketFactory(null))
			.withMessage("'properties' must not be null");
	}

	private ThrowableAssertAlternative<SQLException> assertThatConnecting(String bundle, String settings) {
		return assertThatExceptionOfType(SQLException.class)
			.isThrownBy(connect(this.server.url("localhost", settings(bundle, settings))));
	}

	private static String settings(String bundle, String more) {
		return "sslfactory=%s&sslfactoryarg=%s&%s".formatted(TlsDemand.FACTORY, bundle, more);
	}

	private static ThrowingCallable connect(String url) {
		return () -> DriverManager.getConnection(url).close();
	}

}
