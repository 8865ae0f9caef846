package dev.psat.spire.http;

import java.io.File;
import java.net.http.HttpClient;
import java.time.Duration;
import java.util.Objects;

import dev.psat.concurrent.internal.Time;
import dev.psat.spire.KeyedIdentity;
import dev.psat.spire.ssl.SpiffeSslBundle;
import dev.psat.support.Matrix;
import dev.psat.support.Torture;
import org.junit.jupiter.api.Test;

import org.springframework.boot.ssl.SslOptions;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * What clients of the JDK that nobody can close leave behind.
 */
@Matrix
class ClientRenewalTortureTests {

	private static final int RENEWALS = Torture.times(20, 1000);

	private static final int EACH = 20;

	@Test
	void neitherThreadsNorDescriptorsAddUp() throws Exception {
		KeyedIdentity identity = new KeyedIdentity();
		identity.rotate();
		SpiffeSslBundle bundle = SpiffeSslBundle.of(() -> identity, (peer) -> null, (peer) -> null, SslOptions.NONE);
		try (SecureServer server = new SecureServer(bundle.createSslContext())) {
			ClientRenewal<HttpClient> renewal = new ClientRenewal<>(bundle,
					(context) -> HttpClient.newBuilder().sslContext(context).build(), Duration.ZERO, Time.ofSystem());
			ClientRenewalTests.call(renewal.current(), server.uri());
			long threads = threads();
			int descriptors = descriptors();
			int most = 0;
			for (int i = 1; i <= RENEWALS; i++) {
				HttpClient before = renewal.current();
				identity.rotate();
				await().pollInterval(Duration.ofMillis(5)).until(() -> renewal.current() != before);
				ClientRenewalTests.call(renewal.current(), server.uri());
				most = Math.max(most, descriptors());
				if (i % EACH == 0) {
					System.gc();
				}
			}
			await().pollInterval(Duration.ofMillis(500)).untilAsserted(() -> {
				System.gc();
				assertThat(threads()).isLessThanOrEqualTo(threads + EACH / 2);
				assertThat(descriptors()).isLessThanOrEqualTo(descriptors + EACH / 2);
			});
			Torture.tell(
					"%d renewals of a client: %d threads before, %d after; %d descriptors before, %d after, %d at most"
						.formatted(RENEWALS, threads, threads(), descriptors, descriptors(), most));
		}
	}

	private static long threads() {
		return Thread.getAllStackTraces()
			.keySet()
			.stream()
			.filter((thread) -> thread.getName().startsWith("HttpClient-"))
			.count();
	}

	private static int descriptors() {
		return Objects.requireNonNull(new File("/proc/self/fd").list()).length;
	}

}
