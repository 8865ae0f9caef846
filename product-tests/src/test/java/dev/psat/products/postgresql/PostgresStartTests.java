package dev.psat.products.postgresql;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

import javax.sql.DataSource;

import dev.psat.autoconfigure.internal.PsatStartupException;
import dev.psat.products.LateIdentity;
import dev.psat.products.Recipe;
import dev.psat.products.ServerCertificate;
import dev.psat.tlstests.TlsApplication;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import org.springframework.beans.factory.InitializingBean;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatException;

/**
 * Tests what an application does that needs its database while it starts, and has no
 * identity yet.
 */
@ExtendWith(OutputCaptureExtension.class)
class PostgresStartTests {

	@AutoClose
	private final PostgresWorld world = new PostgresWorld();

	@ParameterizedTest
	@CsvSource({ "postgresql.yaml, SPIRE", "postgresql-classic.yaml, CLASSIC" })
	void migrationWaitsForTheIdentity(String file, ServerCertificate certificate, CapturedOutput output)
			throws Exception {
		Recipe recipe = migrating(file, certificate).with("spire.svid.wait-for=always");
		try (TlsApplication application = LateIdentity.run(this.world.world(),
				() -> recipe.run(this.world.world(), Orders.class), output)) {
			Orders.Client client = application.bean(Orders.Client.class);
			assertThat(client.serialNumber()).isEqualTo(application.serialNumber());
			assertThat(client.tables()).contains("orders");
		}
	}

	@Test
	void migrationFailsWithoutTheIdentity() {
		Recipe recipe = migrating("postgresql.yaml", ServerCertificate.SPIRE);
		this.world.world().server().stop();
		assertThatException().isThrownBy(() -> recipe.run(this.world.world(), Orders.class))
			.withStackTraceContaining("There is no X.509-SVID to connect with");
	}

	@ParameterizedTest
	@CsvSource({ "postgresql.yaml, SPIRE", "postgresql-classic.yaml, CLASSIC" })
	void poolHealsByItself(String file, ServerCertificate certificate) throws Exception {
		Recipe recipe = this.world.recipe(file, this.world.server(certificate).port())
			.with("spring.datasource.hikari.minimum-idle=2");
		try (TlsApplication application = LateIdentity.run(this.world.world(),
				() -> recipe.run(this.world.world(), EarlyOrders.class), () -> !EarlyOrders.FAILURES.isEmpty())) {
			assertThat(EarlyOrders.FAILURES.remove()).hasStackTraceContaining("There is no X.509-SVID to connect with");
			assertThat(application.bean(Orders.Client.class).serialNumber()).isEqualTo(application.serialNumber());
		}
	}

	/**
	 * The migration connects by itself, so that no {@code DataSource} tells of it.
	 */
	@Test
	void doesNotStartWhereItsMigrationDoesNotDemandTls() {
		Recipe recipe = migrating("postgresql.yaml", ServerCertificate.SPIRE);
		String url = recipe.property("spring.datasource.url").replace("&sslmode=verify-ca", "&sslmode=prefer");
		assertThatException()
			.isThrownBy(() -> recipe.with("spring.flyway.url=" + url, "spring.flyway.user=orders")
				.run(this.world.world(), Orders.class))
			.havingRootCause()
			.isInstanceOf(PsatStartupException.class)
			.withMessageStartingWith("The property 'spring.flyway.url' names the SpiffeSocketFactory");
	}

	@Test
	void migrationMayConnectByItself() {
		Recipe recipe = migrating("postgresql.yaml", ServerCertificate.SPIRE);
		try (TlsApplication application = recipe
			.with("spring.flyway.url=" + recipe.property("spring.datasource.url"), "spring.flyway.user=orders",
					"spire.svid.wait-for=always")
			.run(this.world.world(), Orders.class)) {
			assertThat(application.bean(Orders.Client.class).tables()).contains("orders");
		}
	}

	private Recipe migrating(String file, ServerCertificate certificate) {
		return this.world.recipe(file, this.world.server(certificate).port())
			.with("products.wanted=jdbc,transaction,flyway,sql");
	}

	/**
	 * An application that asks its pool for a connection before there can be one.
	 */
	@Configuration(proxyBeanMethods = false)
	static class EarlyOrders extends Orders {

		/** Why there was none. */
		static final Queue<Exception> FAILURES = new ConcurrentLinkedQueue<>();

		@Bean
		InitializingBean early(DataSource pool) {
			return () -> {
				try (Connection connection = pool.getConnection()) {
					throw new IllegalStateException("Connected to " + connection);
				}
				catch (SQLException ex) {
					FAILURES.add(ex);
				}
			};
		}

	}

}
