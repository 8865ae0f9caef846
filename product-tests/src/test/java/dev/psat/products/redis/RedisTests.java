package dev.psat.products.redis;

import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

import dev.psat.autoconfigure.internal.PsatStartupException;
import dev.psat.products.LateIdentity;
import dev.psat.products.ServerCertificate;
import dev.psat.tlstests.TlsApplication;
import dev.psat.tlstests.TlsWorld;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.data.redis.RedisConnectionFailureException;
import org.springframework.data.redis.core.StringRedisTemplate;
import org.springframework.data.redis.core.types.RedisClientInfo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatException;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

/**
 * Tests both kinds of bundle, the bundle {@code spire} with a server that has an
 * X.509-SVID, an identity bundle with one that has a classic certificate, by Lettuce and
 * by Jedis.
 */
class RedisTests {

	private static final String NOT_LISTED = "The peer " + TlsWorld.STRANGER
			+ " is not listed in 'spire.bundle.authorized-servers'";

	private static final String WRONG_HOST = "No subject alternative DNS name matching localhost found";

	private static final RedisWorld WORLD = new RedisWorld(600);

	@AfterAll
	static void stop() {
		WORLD.close();
	}

	@ParameterizedTest
	@CsvSource({ "redis.yaml, SPIRE, lettuce, FULL", "redis.yaml, SPIRE, lettuce, CA", "redis.yaml, SPIRE, jedis,",
			"redis-classic.yaml, CLASSIC, lettuce, FULL", "redis-classic.yaml, CLASSIC, lettuce, CA",
			"redis-classic.yaml, CLASSIC, jedis," })
	void readsAndWrites(String recipe, ServerCertificate certificate, String client, @Nullable String verify) {
		try (TlsApplication application = run(recipe, certificate, client, verify)) {
			assertThatItWorks(application);
		}
	}

	@ParameterizedTest
	@CsvSource({ "lettuce, FULL", "lettuce, CA", "jedis," })
	void refusesAServerThatIsNotListed(String client, @Nullable String verify) {
		assertThatItRefuses("redis.yaml", ServerCertificate.STRANGER, client, verify, NOT_LISTED);
	}

	@ParameterizedTest
	@ValueSource(strings = { "lettuce", "jedis" })
	void refusesAServerWithTheOtherKindOfCertificate(String client) {
		assertThatItRefuses("redis.yaml", ServerCertificate.CLASSIC, client, null, "it has no URI name");
		assertThatItRefuses("redis-classic.yaml", ServerCertificate.SPIRE, client, null,
				"unable to find valid certification path");
	}

	@ParameterizedTest
	@ValueSource(strings = { "lettuce", "jedis" })
	void refusesAnotherHost(String client) {
		assertThatItRefuses("redis-classic.yaml", ServerCertificate.ELSEWHERE, client, null, WRONG_HOST);
	}

	/**
	 * With this mode, Lettuce says that the host name does not matter.
	 */
	@ParameterizedTest
	@ValueSource(strings = "CA")
	void acceptsAnotherHostWhereLettuceSaysSo(String verify) {
		try (TlsApplication application = run("redis-classic.yaml", ServerCertificate.ELSEWHERE, "lettuce", verify)) {
			assertThatItWorks(application);
		}
		assertThatItRefuses("redis-classic.yaml", ServerCertificate.SPIRE, "lettuce", verify,
				"unable to find valid certification path");
	}

	@ParameterizedTest
	@CsvSource({ "redis.yaml, STRANGER", "redis-classic.yaml, CLASSIC" })
	void doesNotStartWhereItWouldConnectToAnybody(String recipe, ServerCertificate certificate) {
		// skips the test where there is none, which must not pass for the exception
		WORLD.server(certificate);
		assertThatException().isThrownBy(() -> run(recipe, certificate, "lettuce", "NONE"))
			.havingRootCause()
			.isInstanceOf(PsatStartupException.class)
			.withMessageContaining("It does not verify peers, so it connects to anybody.");
	}

	@ParameterizedTest
	@CsvSource({ "redis.yaml, SPIRE, lettuce", "redis.yaml, SPIRE, jedis", "redis-classic.yaml, CLASSIC, lettuce",
			"redis-classic.yaml, CLASSIC, jedis" })
	void serverMayBeAwayAtTheStartAndLater(String recipe, ServerCertificate certificate, String client) {
		RedisServer server = WORLD.server(certificate);
		server.stop();
		try (TlsApplication application = run(recipe, certificate, client, null)) {
			assertThatItFails(application, "refused");
			server.start();
			assertThatItWorks(application);
			server.stop();
			application.rotate();
			server.start();
			await().ignoreExceptions().untilAsserted(() -> assertThatItWorks(application));
		}
	}

	/**
	 * A server that trusts no other authority than the newest accepts no certificate from
	 * before.
	 */
	@ParameterizedTest
	@CsvSource({ "redis.yaml, SPIRE, lettuce", "redis.yaml, SPIRE, jedis", "redis-classic.yaml, CLASSIC, lettuce",
			"redis-classic.yaml, CLASSIC, jedis" })
	void newConnectionPresentsTheNewSvid(String recipe, ServerCertificate certificate, String client) {
		try (RedisWorld world = new RedisWorld(600);
				TlsApplication application = world.run(recipe, certificate, client)) {
			assertThatItWorks(application);
			application.replaceAuthority();
			if (certificate == ServerCertificate.SPIRE && client.equals("jedis")) {
				// what the revoked authority has vouched for ends
				await().untilAsserted(
						() -> assertThatItFails(application, "does not chain to an authority of the trust bundle"));
			}
			else {
				assertThatItWorks(application);
			}
			world.server(certificate).stop();
			world.server(certificate).start();
			await().ignoreExceptions().untilAsserted(() -> assertThatItWorks(application));
		}
	}

	@ParameterizedTest
	@CsvSource({ "redis.yaml, SPIRE", "redis-classic.yaml, CLASSIC" })
	void sharedConnectionOutlivesARotationUnlessItIsRenewed(String recipe, ServerCertificate certificate) {
		try (TlsApplication application = run(recipe, certificate, "lettuce", null)) {
			Set<String> before = connections(application);
			application.rotate();
			assertThat(connections(application)).isEqualTo(before);
		}
		try (TlsApplication application = WORLD.recipe(recipe, certificate).run(WORLD.world(), Renewing.class)) {
			Set<String> before = connections(application);
			application.rotate();
			// a command that is on its way may meet the end of the connection
			await().ignoreExceptions()
				.untilAsserted(() -> assertThat(connections(application)).doesNotContainAnyElementsOf(before));
		}
	}

	/**
	 * The server ends a connection without commands, and Lettuce makes a new one.
	 */
	@Test
	void serverWithALimitMakesLettuceConnectAnew() {
		try (RedisWorld world = new RedisWorld(2);
				TlsApplication application = world.run("redis.yaml", ServerCertificate.SPIRE, "lettuce")) {
			assertThatItConnectsAnew(application, Duration.ofSeconds(4));
		}
	}

	/**
	 * The pool of Jedis ends a connection that nobody has needed for a minute.
	 */
	@Test
	void poolOfJedisConnectsAnewAfterAMinute() {
		try (TlsApplication application = WORLD.run("redis.yaml", ServerCertificate.SPIRE, "jedis",
				"spring.data.redis.jedis.pool.time-between-eviction-runs=1s")) {
			assertThatItConnectsAnew(application, Duration.ofSeconds(63));
		}
	}

	@ParameterizedTest
	@CsvSource({ "redis.yaml, SPIRE, lettuce", "redis.yaml, SPIRE, jedis", "redis-classic.yaml, CLASSIC, lettuce",
			"redis-classic.yaml, CLASSIC, jedis" })
	void identityMayBeLate(String recipe, ServerCertificate certificate, String client) throws Exception {
		try (RedisWorld world = new RedisWorld(600)) {
			world.server(certificate);
			try (TlsApplication application = LateIdentity.run(world.world(),
					() -> world.run(recipe, certificate, client, "at-the-start=true"),
					() -> !Cache.FAILURES.isEmpty())) {
				assertThat(Cache.FAILURES.remove()).hasStackTraceContaining("There is no X.509-SVID to connect with");
				await().ignoreExceptions().untilAsserted(() -> assertThatItWorks(application));
			}
		}
	}

	private static void assertThatItConnectsAnew(TlsApplication application, Duration idle) {
		Set<String> before = connections(application);
		assertThat(connections(application)).isEqualTo(before);
		application.rotate();
		await().pollDelay(idle)
			.ignoreExceptions()
			.untilAsserted(() -> assertThat(connections(application)).doesNotContainAnyElementsOf(before));
	}

	private static TlsApplication run(String recipe, ServerCertificate certificate, String client,
			@Nullable String verify) {
		return WORLD.run(recipe, certificate, client, "verify=" + ((verify != null) ? verify : "FULL"));
	}

	private static Set<String> connections(TlsApplication application) {
		List<RedisClientInfo> clients = application.bean(StringRedisTemplate.class).getClientList();
		return clients.stream().map((info) -> info.get("id")).collect(Collectors.toSet());
	}

	private static void assertThatItWorks(TlsApplication application) {
		StringRedisTemplate redis = application.bean(StringRedisTemplate.class);
		redis.opsForValue().set("order", "1");
		assertThat(redis.opsForValue().get("order")).isEqualTo("1");
	}

	private static void assertThatItRefuses(String recipe, ServerCertificate certificate, String client,
			@Nullable String verify, String message) {
		try (TlsApplication application = run(recipe, certificate, client, verify)) {
			assertThatItFails(application, message);
		}
	}

	private static void assertThatItFails(TlsApplication application, String message) {
		assertThatExceptionOfType(RedisConnectionFailureException.class)
			.isThrownBy(() -> application.bean(StringRedisTemplate.class).opsForValue().get("order"))
			.withStackTraceContaining(message);
	}

	@Configuration(proxyBeanMethods = false)
	@Import({ Cache.class, ConnectionRenewal.class })
	static class Renewing {

	}

}
