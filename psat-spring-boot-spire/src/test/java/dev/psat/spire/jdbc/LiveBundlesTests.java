package dev.psat.spire.jdbc;

import java.time.Duration;
import java.util.List;

import javax.net.ssl.SSLException;

import dev.psat.spire.TestIdentity;
import dev.psat.spire.ssl.SpiffeSslBundle;
import dev.psat.spire.ssl.SvidSslBundle;
import dev.psat.support.SeparateClassPath;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

import org.springframework.boot.ssl.DefaultSslBundleRegistry;
import org.springframework.boot.ssl.SslBundle;
import org.springframework.boot.ssl.SslStoreBundle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

/**
 * Tests for {@link LiveBundles}.
 */
class LiveBundlesTests {

	private final SvidSslBundle bundle = SpiffeSslBundle.of(new TestIdentity());

	@AutoClose
	private final LiveBundles orders = LiveBundles.open("orders", new DefaultSslBundleRegistry("live", this.bundle));

	@Test
	void findsTheBundleOfTheOnlyContext() throws SSLException {
		assertThat(LiveBundles.find("live", null)).isSameAs(this.bundle);
		assertThat(LiveBundles.find("live", this.orders.key())).isSameAs(this.bundle);
	}

	@Test
	void refusesOneNameFromTwoLiveContexts() throws SSLException {
		SvidSslBundle other = SpiffeSslBundle.of(new TestIdentity());
		try (LiveBundles second = LiveBundles.open("billing", new DefaultSslBundleRegistry("live", other))) {
			assertThatExceptionOfType(SSLException.class).isThrownBy(() -> LiveBundles.find("live", null))
				.withMessage(
						"The SSL bundle 'live' could be that of any of the application contexts 'billing', 'orders'. Give their bundles different names.");
			assertThat(LiveBundles.find("live", this.orders.key())).isSameAs(this.bundle);
			assertThat(LiveBundles.find("live", second.key())).isSameAs(other);
		}
		assertThat(LiveBundles.find("live", null)).isSameAs(this.bundle);
	}

	@Test
	void refusesANameThatIsAnothersInTheSecondContext() {
		try (LiveBundles second = LiveBundles.open("billing",
				new DefaultSslBundleRegistry("live", SslBundle.of(SslStoreBundle.NONE)))) {
			assertThatExceptionOfType(SSLException.class).isThrownBy(() -> LiveBundles.find("live", null))
				.withMessageContaining("'billing', 'orders'");
			assertThatExceptionOfType(SSLException.class).isThrownBy(() -> LiveBundles.find("live", second.key()))
				.withMessage("The SSL bundle 'live' does not present the SPIRE identity.");
		}
	}

	@Test
	void contextsMayShareABundle() throws SSLException {
		try (LiveBundles child = LiveBundles.open("child", new DefaultSslBundleRegistry("live", this.bundle))) {
			assertThat(LiveBundles.find("live", null)).isSameAs(this.bundle);
			assertThat(LiveBundles.find("live", child.key())).isSameAs(this.bundle);
		}
	}

	@Test
	void otherContextsMayHaveOtherNames() throws SSLException {
		SvidSslBundle other = SpiffeSslBundle.of(new TestIdentity());
		try (LiveBundles second = LiveBundles.open("billing", new DefaultSslBundleRegistry("other", other))) {
			assertThat(LiveBundles.find("live", null)).isSameAs(this.bundle);
			assertThat(LiveBundles.find("other", null)).isSameAs(other);
			assertThatExceptionOfType(SSLException.class).isThrownBy(() -> LiveBundles.find("live", second.key()))
				.withMessage("There is no SSL bundle 'live' in 'billing'.");
		}
	}

	@Test
	void refusesWhoseContextIsClosed() {
		this.orders.close();
		assertThatExceptionOfType(SSLException.class).isThrownBy(() -> LiveBundles.find("live", this.orders.key()))
			.withMessage("The application context of this connection has been closed.");
		assertThatExceptionOfType(SSLException.class).isThrownBy(() -> LiveBundles.find("live", null));
	}

	@Test
	void forgetsAContextThatNobodyCloses() {
		String key = LiveBundles.open("leaking", new DefaultSslBundleRegistry("leak", this.bundle)).key();
		await().pollInterval(Duration.ofMillis(50)).untilAsserted(() -> {
			System.gc();
			assertThatExceptionOfType(SSLException.class).isThrownBy(() -> LiveBundles.find("leak", key))
				.withMessageContaining("has been closed");
		});
	}

	/**
	 * As with Spring Boot's developer tools, if they load this library anew with each
	 * restart, but not the driver.
	 */
	@Test
	void otherClassLoaderHasBundlesOfItsOwn() throws Exception {
		assertThat(new SeparateClassPath().run(OtherClassLoader.class)).singleElement()
			.asString()
			.startsWith(
					"No application context has made its SSL bundles available to the class loader 'java.net.URLClassLoader@");
	}

	/**
	 * What runs in the other class loader.
	 */
	public static final class OtherClassLoader {

		private OtherClassLoader() {
		}

		public static List<String> run(String... arguments) {
			try {
				return List.of(LiveBundles.find("live", null).toString());
			}
			catch (SSLException ex) {
				return List.of(String.valueOf(ex.getMessage()));
			}
		}

	}

}
