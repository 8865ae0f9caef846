package dev.psat.products.postgresql;

import java.math.BigInteger;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;

import com.zaxxer.hikari.HikariDataSource;
import dev.psat.autoconfigure.internal.PsatStartupException;
import dev.psat.products.Recipe;
import dev.psat.products.ServerCertificate;
import dev.psat.tlstests.TlsApplication;
import dev.psat.tlstests.TlsWorld;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.CannotGetJdbcConnectionException;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatException;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

/**
 * Tests both kinds of bundle, the bundle {@code spire} with a server that has an
 * X.509-SVID, an identity bundle with one that has a classic certificate.
 */
class PostgresTests {

	private static final PostgresWorld WORLD = new PostgresWorld();

	@AfterAll
	static void stop() {
		WORLD.close();
	}

	@ParameterizedTest
	@CsvSource({ "postgresql.yaml, SPIRE", "postgresql-classic.yaml, CLASSIC" })
	void logsInByTheCertificate(String recipe, ServerCertificate certificate) {
		try (TlsApplication application = WORLD.run(recipe, certificate)) {
			Orders.Client client = application.bean(Orders.Client.class);
			assertThat(client.serialNumber()).isEqualTo(application.serialNumber());
			assertThat(client.user()).isEqualTo("orders");
		}
	}

	@Test
	void refusesAServerThatIsNotListed() {
		assertThatItRefuses("postgresql.yaml", ServerCertificate.STRANGER,
				"The peer " + TlsWorld.STRANGER + " is not listed in 'spire.bundle.authorized-servers'");
	}

	@Test
	void refusesAServerWithTheOtherKindOfCertificate() {
		assertThatItRefuses("postgresql.yaml", ServerCertificate.CLASSIC, "it has no URI name");
		assertThatItRefuses("postgresql-classic.yaml", ServerCertificate.SPIRE, "PKIX path building failed");
	}

	@Test
	void refusesAnotherHost() {
		assertThatItRefuses("postgresql-classic.yaml", ServerCertificate.ELSEWHERE,
				"No subject alternative DNS name matching localhost found");
	}

	/**
	 * The driver looks for the host name itself, of which the bundle knows nothing.
	 */
	@Test
	void fullVerificationNeedsADnsNameInTheSvidOfTheServer() {
		Recipe recipe = WORLD.recipe("postgresql.yaml", WORLD.server(ServerCertificate.SPIRE).port());
		String url = recipe.property("spring.datasource.url").replace("verify-ca", "verify-full");
		try (TlsApplication application = recipe.with("spring.datasource.url=" + url)
			.run(WORLD.world(), Orders.class)) {
			assertThatItFails(application, "The hostname localhost could not be verified");
		}
	}

	@ParameterizedTest
	@CsvSource({ "postgresql.yaml, SPIRE", "postgresql-classic.yaml, CLASSIC" })
	void connectionOutlivesARotationUntilItIsEvicted(String recipe, ServerCertificate certificate) {
		try (TlsApplication application = WORLD.run(recipe, certificate)) {
			Orders.Client client = application.bean(Orders.Client.class);
			BigInteger before = client.serialNumber();
			application.rotate();
			assertThat(client.serialNumber()).isEqualTo(before);
			application.bean(HikariDataSource.class).getHikariPoolMXBean().softEvictConnections();
			assertThat(client.serialNumber()).isEqualTo(application.serialNumber()).isNotEqualTo(before);
		}
	}

	/**
	 * The shortest life that a pool accepts is 30 seconds.
	 */
	@Test
	void poolWithALimitPresentsTheNewSvidByItself() {
		try (TlsApplication application = WORLD.run("postgresql.yaml", ServerCertificate.SPIRE,
				"spring.datasource.hikari.max-lifetime=30000")) {
			Orders.Client client = application.bean(Orders.Client.class);
			BigInteger before = client.serialNumber();
			application.rotate();
			await().pollInterval(Duration.ofSeconds(1))
				.untilAsserted(() -> assertThat(client.serialNumber()).isEqualTo(application.serialNumber())
					.isNotEqualTo(before));
		}
	}

	@Test
	void serverMayBeAwayAtTheStartAndLater() {
		PostgresServer server = WORLD.server(ServerCertificate.SPIRE);
		server.stop();
		try (TlsApplication application = WORLD.recipe("postgresql.yaml", server.port())
			.run(WORLD.world(), Orders.class)) {
			assertThatItFails(application, "refused");
			server.start();
			Orders.Client client = application.bean(Orders.Client.class);
			assertThat(client.serialNumber()).isEqualTo(application.serialNumber());
			server.stop();
			application.rotate();
			assertThatExceptionOfType(DataAccessException.class).isThrownBy(client::serialNumber);
			server.start();
			assertThat(client.serialNumber()).isEqualTo(application.serialNumber());
		}
	}

	@ParameterizedTest
	@CsvSource({ "postgresql.yaml, SPIRE", "postgresql-classic.yaml, CLASSIC" })
	void refusesWhoStripsTls(String recipe, ServerCertificate certificate) {
		try (StrippingProxy proxy = new StrippingProxy(WORLD.server(certificate).port());
				TlsApplication application = WORLD.recipe(recipe, proxy.port()).run(WORLD.world(), Orders.class)) {
			assertThatItFails(application, "The server does not support SSL.");
			assertThat(proxy.relayed()).isZero();
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "", "&sslmode=disable", "&sslmode=allow", "&sslmode=prefer", "&sslmode=require" })
	void doesNotStartWhereItsConnectionsDoNotDemandTls(String mode) {
		Recipe recipe = WORLD.recipe("postgresql.yaml", 1);
		String url = recipe.property("spring.datasource.url").replace("&sslmode=verify-ca", mode);
		assertThatException()
			.isThrownBy(() -> recipe.with("spring.datasource.url=" + url).run(WORLD.world(), Orders.class))
			.havingRootCause()
			.isInstanceOf(PsatStartupException.class)
			.withMessageStartingWith("The property 'spring.datasource.url' names the SpiffeSocketFactory");
	}

	/**
	 * What the driver would do, and the factory cannot see.
	 */
	@ParameterizedTest
	@ValueSource(strings = { "", "&sslmode=allow", "&sslmode=prefer" })
	void driverWouldGoOnWithoutTls(String mode) throws SQLException {
		try (StrippingProxy proxy = new StrippingProxy(WORLD.server(ServerCertificate.SPIRE).port())) {
			String url = WORLD.recipe("postgresql.yaml", proxy.port())
				.property("spring.datasource.url")
				.replace("/orders?", "/clear?user=orders&")
				.replace("&sslmode=verify-ca", mode);
			DriverManager.getConnection(url).close();
			assertThat(proxy.relayed()).isOne();
		}
	}

	/**
	 * Both have a bundle of the same name. Only a connection that does not tell to which
	 * of them it belongs is refused.
	 */
	@Test
	void applicationsOfOneJvmKeepTheirIdentities() {
		try (TlsApplication first = WORLD.run("postgresql.yaml", ServerCertificate.SPIRE);
				TlsApplication second = WORLD.run("postgresql.yaml", ServerCertificate.SPIRE)) {
			assertThat(first.serialNumber()).isNotEqualTo(second.serialNumber());
			assertThat(first.bean(Orders.Client.class).serialNumber()).isEqualTo(first.serialNumber());
			assertThat(second.bean(Orders.Client.class).serialNumber()).isEqualTo(second.serialNumber());
			String url = WORLD.recipe("postgresql.yaml", WORLD.server(ServerCertificate.SPIRE).port())
				.property("spring.datasource.url");
			assertThatExceptionOfType(SQLException.class)
				.isThrownBy(() -> DriverManager.getConnection(url, "orders", null).close())
				.withMessageStartingWith(
						"SSL error: The SSL bundle 'spire' could be that of any of the application contexts");
		}
	}

	@Test
	void connectionThatTheStartDoesNotSeeHasToDemandTls() throws SQLException {
		String url = WORLD.recipe("postgresql.yaml", WORLD.server(ServerCertificate.SPIRE).port())
			.property("spring.datasource.url");
		try (TlsApplication application = WORLD.run("postgresql.yaml", ServerCertificate.SPIRE)) {
			DriverManager.getConnection(url, "orders", null).close();
			for (String mode : new String[] { "", "&sslmode=prefer", "&sslmode=require" }) {
				assertThatExceptionOfType(SQLException.class)
					.isThrownBy(
							() -> DriverManager.getConnection(url.replace("&sslmode=verify-ca", mode), "orders", null)
								.close())
					.withMessageStartingWith("SSL error: 'sslmode' is ");
			}
			assertThat(application.context().isActive()).isTrue();
		}
	}

	/**
	 * Without a DNS name in its entry, every workload has this subject and no common
	 * name.
	 */
	@Test
	void subjectIsThatOfEveryWorkload() {
		try (PostgresWorld others = new PostgresWorld()) {
			others.world().changeEntry((entry) -> entry.dnsNames());
			PostgresServer server = others.server(ServerCertificate.SPIRE);
			try (TlsApplication application = others.run("postgresql.yaml", ServerCertificate.SPIRE)) {
				assertThatItFails(application, "certificate authentication failed for user \"orders\"");
			}
			Recipe recipe = others.recipe("postgresql.yaml", server.port());
			String url = recipe.property("spring.datasource.url").replace("/orders?", "/subject?");
			try (TlsApplication application = recipe.with("spring.datasource.url=" + url)
				.run(others.world(), Orders.class)) {
				Orders.Client client = application.bean(Orders.Client.class);
				assertThat(client.subject()).isEqualTo("/C=US/O=SPIRE");
				assertThat(client.user()).isEqualTo("orders");
			}
		}
	}

	private static void assertThatItRefuses(String recipe, ServerCertificate certificate, String message) {
		try (TlsApplication application = WORLD.run(recipe, certificate)) {
			assertThatItFails(application, message);
		}
	}

	private static void assertThatItFails(TlsApplication application, String message) {
		Orders.Client client = application.bean(Orders.Client.class);
		assertThatExceptionOfType(CannotGetJdbcConnectionException.class).isThrownBy(client::serialNumber)
			.withStackTraceContaining(message);
	}

}
