package dev.psat.tlstests.tomcat;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;

import dev.psat.spire.autoconfigure.authorization.internal.PeerLists.FileStatus.State;
import dev.psat.spire.autoconfigure.internal.SpireWiring;
import dev.psat.spire.ssl.SpiffeSslBundle;
import dev.psat.spire.tls.Direction;
import dev.psat.spire.tls.EndCause;
import dev.psat.support.ConfigMapVolume;
import dev.psat.tlstests.EndApplication;
import dev.psat.tlstests.HttpPeer;
import dev.psat.tlstests.JdkKeptClient;
import dev.psat.tlstests.KeptClient;
import dev.psat.tlstests.Peer;
import dev.psat.tlstests.TlsApplication;
import dev.psat.tlstests.TlsVersion;
import dev.psat.tlstests.TlsWorld;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.http.client.ClientHttpRequestFactoryBuilder;
import org.springframework.boot.http.client.HttpClientSettings;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.web.client.ResourceAccessException;
import org.springframework.web.client.RestClient;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatException;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Who may connect changes with a ConfigMap, while Tomcat runs.
 */
class TomcatListFilesTests {

	private static final String KEY = "list";

	@AutoClose
	private final TlsWorld world = new TlsWorld();

	@TempDir
	private Path directory;

	private ConfigMapVolume clients;

	private ConfigMapVolume servers;

	private TlsApplication application;

	@BeforeEach
	void start() throws IOException {
		this.clients = new ConfigMapVolume(this.directory.resolve("clients"));
		this.servers = new ConfigMapVolume(this.directory.resolve("servers"));
		this.clients.write(KEY, list(TlsWorld.LISTED, TlsWorld.STRANGER));
		this.servers.write(KEY, list(TlsWorld.LISTED, TlsWorld.STRANGER));
		this.application = TlsApplication.run(this.world, Application.class, "server.port=0", "server.ssl.bundle=spire",
				"server.http2.enabled=true", "server.shutdown=immediate", "spire.bundle.authorized-clients=",
				"spire.bundle.authorized-servers=", "spire.bundle.authorized-clients-file=" + this.clients.path(KEY),
				"spire.bundle.authorized-servers-file=" + this.servers.path(KEY));
	}

	@AfterEach
	void stop() {
		this.application.close();
	}

	@ParameterizedTest
	@ValueSource(booleans = { false, true })
	void clientThatIsRemovedLosesItsConnectionAndOneThatIsAddedGetsIn(boolean http2) throws Exception {
		try (KeptClient staying = client(Peer.LISTED, http2); KeptClient removed = client(Peer.STRANGER, http2)) {
			KeptClient.Begun innocent = begin(staying);
			KeptClient.Begun guilty = begin(removed);
			assertThat(calls(Peer.BELOW_PATH, http2)).isFalse();
			this.clients.write(KEY, list(TlsWorld.LISTED, TlsWorld.BELOW_PATH));
			await().until(guilty.end()::isDone);
			// which it may learn before it is counted
			await().until(() -> ended(Direction.INBOUND) > 0);
			assertThat(calls(Peer.STRANGER, http2)).isFalse();
			assertThat(calls(Peer.BELOW_PATH, http2)).isTrue();
			assertThatGoesOn(innocent);
			assertThat(ended(Direction.INBOUND)).isOne();
		}
	}

	@Test
	void whatWasListedLastStaysWhileTheFileIsDeletedOrInvalid() throws Exception {
		try (KeptClient client = client(Peer.LISTED, false)) {
			KeptClient.Begun stream = begin(client);
			Files.delete(this.clients.path("..data"));
			await().until(() -> state() == State.MISSING);
			assertThatGoesOn(stream);
			assertThat(calls(Peer.LISTED, false)).isTrue();
			this.clients.write(KEY, list(TlsWorld.BELOW_PATH, "spiffe://example.org/*/everybody"));
			await().until(() -> state() == State.INVALID);
			assertThatGoesOn(stream);
			assertThat(calls(Peer.LISTED, false)).isTrue();
			assertThat(calls(Peer.BELOW_PATH, false)).isFalse();
			this.clients.write(KEY, list(TlsWorld.BELOW_PATH));
			await().until(stream.end()::isDone);
			assertThat(calls(Peer.LISTED, false)).isFalse();
			assertThat(calls(Peer.BELOW_PATH, false)).isTrue();
		}
	}

	@Test
	void serverThatIsRemovedIsCalledNoMoreAndOneThatIsAddedIs() throws Exception {
		RestClient client = client(this.application.bundle());
		try (HttpPeer staying = server(Peer.LISTED);
				HttpPeer removed = server(Peer.STRANGER);
				HttpPeer added = server(Peer.BELOW_PATH)) {
			assertThat(get(client, staying.uri())).isEqualTo("hello");
			assertThat(get(client, removed.uri())).isEqualTo("hello");
			assertThatException().isThrownBy(() -> get(client, added.uri()));
			this.servers.write(KEY, list(TlsWorld.LISTED, TlsWorld.BELOW_PATH));
			await().until(() -> ended(Direction.OUTBOUND) == 1);
			assertThatExceptionOfType(ResourceAccessException.class).isThrownBy(() -> get(client, removed.uri()))
				.withStackTraceContaining("is not listed in the file of 'spire.bundle.authorized-servers-file'");
			assertThat(removed.requests()).isOne();
			assertThat(get(client, added.uri())).isEqualTo("hello");
			assertThat(get(client, staying.uri())).isEqualTo("hello");
		}
	}

	@Test
	void policyOfItsOwnIsNotAskedWhenAListChanges() throws Exception {
		AtomicInteger asked = new AtomicInteger();
		SpiffeSslBundle policed = this.application.bundle().authorizing((peer) -> asked.getAndIncrement() == 0);
		try (HttpPeer listed = server(Peer.STRANGER); HttpPeer other = server(Peer.LISTED)) {
			assertThat(get(client(policed), other.uri())).isEqualTo("hello");
			assertThat(get(client(this.application.bundle()), listed.uri())).isEqualTo("hello");
			this.servers.write(KEY, list(TlsWorld.BELOW_PATH));
			await().until(() -> ended(Direction.OUTBOUND) == 1);
			assertThat(this.application.bundle().connections().open(Direction.OUTBOUND)).isOne();
			assertThat(asked).hasValue(1);
			this.application.bundle().reauthorize();
			await().until(() -> ended(Direction.OUTBOUND) == 2);
		}
	}

	private static String list(String... items) {
		return "# the list of this test\n" + String.join("\n", items) + "\n";
	}

	private KeptClient client(Peer peer, boolean http2) {
		return new JdkKeptClient(this.application.port("server"), this.world.credential(peer), TlsVersion.TLS_1_3,
				http2);
	}

	private static RestClient client(SpiffeSslBundle bundle) {
		return RestClient.builder()
			.requestFactory(ClientHttpRequestFactoryBuilder.simple().build(HttpClientSettings.ofSslBundle(bundle)))
			.build();
	}

	private boolean calls(Peer peer, boolean http2) throws InterruptedException {
		try (KeptClient client = client(peer, http2)) {
			return client.call().equals("hello");
		}
		catch (InterruptedException ex) {
			throw ex;
		}
		catch (Exception ex) {
			return false;
		}
	}

	private static KeptClient.Begun begin(KeptClient client) {
		KeptClient.Begun stream = client.stream();
		await().until(() -> stream.count() > 3);
		return stream;
	}

	private static void assertThatGoesOn(KeptClient.Begun stream) {
		long count = stream.count();
		await().until(() -> stream.count() > count + 5);
		assertThat(stream.end()).isNotDone();
	}

	private HttpPeer server(Peer peer) {
		return new HttpPeer(this.world.credential(peer), TlsVersion.TLS_1_3);
	}

	private static String get(RestClient client, URI uri) {
		return String.valueOf(client.get().uri(uri).retrieve().body(String.class));
	}

	private State state() {
		return Objects.requireNonNull(this.application.bean(SpireWiring.class).peers().clientsFile()).state();
	}

	private long ended(Direction direction) {
		return this.application.bundle().connections().ended(direction, EndCause.UNAUTHORIZED);
	}

	private static ConditionFactory await() {
		return Awaitility.await().pollInterval(Duration.ofMillis(10));
	}

	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	@Import(EndApplication.class)
	static class Application {

	}

}
