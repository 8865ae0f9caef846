package dev.psat.products.postgresql;

import java.math.BigInteger;
import java.util.List;

import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.core.JdbcTemplate;

/**
 * An application with a pool of connections.
 */
@Configuration(proxyBeanMethods = false)
@EnableAutoConfiguration
class Orders {

	@Bean
	Client client(JdbcTemplate jdbc) {
		return new Client(jdbc);
	}

	/**
	 * Asks the server whom it takes the application for.
	 *
	 * @param jdbc sends the questions
	 */
	record Client(JdbcTemplate jdbc) {

		/**
		 * Return the serial number of the certificate of a connection.
		 * @return the number
		 */
		BigInteger serialNumber() {
			return new BigInteger(ask("select client_serial from pg_stat_ssl where pid = pg_backend_pid()"));
		}

		String subject() {
			return ask("select client_dn from pg_stat_ssl where pid = pg_backend_pid()");
		}

		String user() {
			return ask("select current_user");
		}

		List<String> tables() {
			return this.jdbc.queryForList("select tablename from pg_tables where schemaname = 'public'", String.class);
		}

		private String ask(String question) {
			return String.valueOf(this.jdbc.queryForObject(question, String.class));
		}

	}

}
