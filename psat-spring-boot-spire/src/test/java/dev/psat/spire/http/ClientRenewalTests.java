package dev.psat.spire.http;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;

import javax.net.ssl.SSLContext;

import dev.psat.concurrent.internal.Time;
import dev.psat.spire.KeyedIdentity;
import dev.psat.spire.ssl.SpiffeSslBundle;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

import org.springframework.boot.ssl.SslOptions;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.awaitility.Awaitility.await;

/**
 * Tests for {@link ClientRenewal}.
 */
class ClientRenewalTests {

	private final KeyedIdentity identity = new KeyedIdentity();

	private final SpiffeSslBundle bundle = SpiffeSslBundle.of(() -> this.identity, (peer) -> null, (peer) -> null,
			SslOptions.NONE);

	private final AtomicInteger built = new AtomicInteger();

	@AutoClose
	private final SecureServer server = new SecureServer(this.bundle.createSslContext());

	private final Function<SSLContext, HttpClient> clients = (context) -> {
		this.built.incrementAndGet();
		return HttpClient.newBuilder().sslContext(context).build();
	};

	ClientRenewalTests() {
		this.identity.rotate();
	}

	@Test
	void sameClientIsUsedAsLongAsItsConnectionsMayBe() throws Exception {
		ClientRenewal<HttpClient> renewal = new ClientRenewal<>(this.bundle, this.clients, Duration.ZERO,
				Time.ofSystem());
		HttpClient first = renewal.current();
		for (int i = 0; i < 5; i++) {
			call(renewal.current(), this.server.uri());
			assertThat(renewal.current()).isSameAs(first);
		}
		assertThat(this.built).hasValue(1);
	}

	@Test
	void anotherClientTakesOverOnceOneConnectionShouldNotBeUsed() throws Exception {
		ClientRenewal<HttpClient> renewal = new ClientRenewal<>(this.bundle, this.clients, Duration.ZERO,
				Time.ofSystem());
		HttpClient first = renewal.current();
		call(first, this.server.uri());
		this.identity.rotate();
		patiently().until(() -> renewal.current() != first);
		HttpClient second = renewal.current();
		call(second, this.server.uri());
		assertThat(renewal.current()).isSameAs(second);
		assertThat(this.built).hasValue(2);
	}

	@Test
	void anotherClientTakesOverAtMostOnceInAWhile() throws Exception {
		ClientRenewal<HttpClient> renewal = new ClientRenewal<>(this.bundle, this.clients);
		HttpClient first = renewal.current();
		call(first, this.server.uri());
		this.identity.rotate();
		patiently().until(() -> renewal.current() != first);
		call(renewal.current(), this.server.uri());
		this.identity.rotate();
		await().during(Duration.ofMillis(600)).until(() -> renewal.current() != first && this.built.get() == 2);
	}

	@Test
	void callOfTheOldClientGoesOn() throws Exception {
		ClientRenewal<HttpClient> renewal = new ClientRenewal<>(this.bundle, this.clients, Duration.ZERO,
				Time.ofSystem());
		CompletableFuture<HttpResponse<String>> inFlight = renewal.current()
			.sendAsync(HttpRequest.newBuilder(this.server.heldUri()).build(), BodyHandlers.ofString());
		patiently().until(() -> this.server.held() == 1);
		this.identity.rotate();
		patiently().until(() -> {
			renewal.current();
			return this.built.get() == 2;
		});
		await().during(Duration.ofMillis(500)).until(() -> {
			System.gc();
			return !inFlight.isDone();
		});
		this.server.release();
		assertThat(inFlight.get().body()).isEqualTo("hello");
	}

	@Test
	void oldClientGoesOnIfAnotherCannotBeBuilt() throws Exception {
		AtomicBoolean broken = new AtomicBoolean();
		ClientRenewal<HttpClient> renewal = new ClientRenewal<>(this.bundle, (context) -> {
			if (broken.get()) {
				throw new IllegalStateException("Broken");
			}
			return this.clients.apply(context);
		}, Duration.ZERO, Time.ofSystem());
		HttpClient first = renewal.current();
		call(first, this.server.uri());
		broken.set(true);
		this.identity.rotate();
		await().during(Duration.ofMillis(600)).until(() -> renewal.current() == first);
		broken.set(false);
		patiently().until(() -> renewal.current() != first);
	}

	@Test
	void firstClientFailsAsItsBuilderDoes() {
		assertThatIllegalStateException().isThrownBy(() -> new ClientRenewal<>(this.bundle, (context) -> {
			throw new IllegalStateException("Broken");
		}));
	}

	@Test
	void clientThatKeepsItsConnectionsStays() throws Exception {
		ClientRenewal<HttpClient> renewal = new ClientRenewal<>(this.bundle.keepingConnections(), this.clients,
				Duration.ZERO, Time.ofSystem());
		HttpClient first = renewal.current();
		call(first, this.server.uri());
		this.identity.rotate();
		await().during(Duration.ofMillis(600)).until(() -> renewal.current() == first);
	}

	static void call(HttpClient client, URI uri) throws Exception {
		HttpRequest request = HttpRequest.newBuilder(uri).timeout(Duration.ofSeconds(30)).build();
		assertThat(client.send(request, BodyHandlers.ofString()).body()).isEqualTo("hello");
	}

	private static ConditionFactory patiently() {
		return await().pollInterval(Duration.ofMillis(10));
	}

}
