package dev.psat.tlstests.rabbitmq;

import java.math.BigInteger;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.stream.Stream;

import com.rabbitmq.stream.Environment;
import dev.psat.spire.tls.Direction;
import dev.psat.spire.tls.HandshakeOutcome;
import dev.psat.support.Patience;
import dev.psat.tlstests.Credential;
import dev.psat.tlstests.HttpPeer;
import dev.psat.tlstests.Peer;
import dev.psat.tlstests.TlsApplication;
import dev.psat.tlstests.TlsVersion;
import dev.psat.tlstests.TlsWorld;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import org.springframework.amqp.rabbit.annotation.RabbitListener;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.awaitility.Awaitility.await;

/**
 * Tests streams of RabbitMQ with a peer that shakes hands and says nothing more: the
 * decision on it is over then.
 */
@ExtendWith(OutputCaptureExtension.class)
class RabbitStreamTests {

	static final Duration PATIENCE = Patience.LIMIT;

	private static final TlsWorld WORLD = new TlsWorld();

	@AfterAll
	static void stop() {
		WORLD.close();
	}

	@ParameterizedTest
	@EnumSource(TlsVersion.class)
	void newConnectionPresentsTheNewSvidAndResumesNoSession(TlsVersion version) throws InterruptedException {
		try (HttpPeer peer = new HttpPeer(WORLD.credential(Peer.LISTED), version);
				TlsApplication application = run(peer, "spire")) {
			assertThatNewConnectionPresentsTheNewSvid(peer, application);
			assertThat(application.count(Direction.OUTBOUND, HandshakeOutcome.ACCEPTED)).isEqualTo(2);
		}
	}

	@ParameterizedTest
	@EnumSource(TlsVersion.class)
	void refusesABrokerThatIsNotListed(TlsVersion version, CapturedOutput output) {
		try (HttpPeer peer = new HttpPeer(WORLD.credential(Peer.STRANGER), version);
				TlsApplication application = run(peer, "spire")) {
			assertThatTells(connect(application), "is not listed in 'spire.bundle.authorized-servers'", output);
			assertThat(application.count(Direction.OUTBOUND, HandshakeOutcome.UNAUTHORIZED)).isPositive();
			assertThat(application.count(Direction.OUTBOUND, HandshakeOutcome.ACCEPTED)).isZero();
		}
	}

	@ParameterizedTest
	@EnumSource(TlsVersion.class)
	void identityBundleAlsoPresentsTheNewSvid(TlsVersion version) throws InterruptedException {
		try (HttpPeer peer = new HttpPeer(WORLD.credential(Peer.WEB), version);
				TlsApplication application = run(peer, "spire-web")) {
			assertThatNewConnectionPresentsTheNewSvid(peer, application);
		}
	}

	@ParameterizedTest
	@EnumSource(TlsVersion.class)
	void identityBundleRefusesAnotherHost(TlsVersion version, CapturedOutput output) {
		try (HttpPeer peer = new HttpPeer(Credential.of(WORLD.web(), "elsewhere.example"), version);
				TlsApplication application = run(peer, "spire-web")) {
			assertThatTells(connect(application), "No subject alternative DNS name matching localhost found", output);
		}
	}

	/**
	 * A listener does not try again at the start, so the identity has to be there.
	 */
	@Test
	void startThatWaitsForTheIdentityEndsWithAListenerThatIsRefused(CapturedOutput output) {
		try (HttpPeer peer = new HttpPeer(WORLD.credential(Peer.STRANGER), TlsVersion.values()[0])) {
			assertThatTells(
					catchThrowable(() -> run(peer, "spire", Listening.class, "spire.svid.wait-for=always").close()),
					"is not listed in 'spire.bundle.authorized-servers'", output);
		}
	}

	/**
	 * Now and then, the client notices that the connection is closed, or that it has no
	 * answer, before it learns why.
	 */
	private static void assertThatTells(@Nullable Throwable failure, String reason, CapturedOutput output) {
		assertThat(failure).isNotNull();
		await().untilAsserted(() -> assertThat(output.getOut().lines())
			.anyMatch((line) -> line.contains("A server was refused") && line.contains(reason)));
	}

	private static TlsApplication run(HttpPeer peer, String bundle) {
		return run(peer, bundle, StreamApplication.class);
	}

	private static TlsApplication run(HttpPeer peer, String bundle, Class<?> type, String... more) {
		String[] own = WORLD.withIdentityBundle("spring.rabbitmq.stream.host=localhost",
				"spring.rabbitmq.stream.port=" + peer.uri().getPort(), "spring.rabbitmq.stream.ssl.enabled=true",
				"spring.rabbitmq.stream.ssl.bundle=" + bundle, "spring.rabbitmq.listener.type=stream");
		return TlsApplication.run(WORLD, type, Stream.of(own, more).flatMap(Stream::of).toArray(String[]::new));
	}

	private static void assertThatNewConnectionPresentsTheNewSvid(HttpPeer peer, TlsApplication application)
			throws InterruptedException {
		BigInteger first = application.serialNumber();
		shakeHands(peer, application);
		application.rotate();
		shakeHands(peer, application);
		assertThat(peer.clients()).extracting(X509Certificate::getSerialNumber)
			.containsExactly(first, application.serialNumber());
	}

	/**
	 * Connect, and give up once the handshake is over. The client would wait for an
	 * answer, for which its time begins before the handshake.
	 */
	private static void shakeHands(HttpPeer peer, TlsApplication application) throws InterruptedException {
		int before = peer.clients().size();
		Thread connecting = new Thread(() -> connect(application), "connecting");
		connecting.start();
		await().until(() -> peer.clients().size() > before);
		connecting.interrupt();
		connecting.join(PATIENCE.toMillis());
		assertThat(connecting.isAlive()).isFalse();
	}

	private static @Nullable Throwable connect(TlsApplication application) {
		Throwable failure = catchThrowable(
				() -> application.bean(Environment.class).streamCreator().stream("measurements").create());
		assertThat(failure).isNotNull();
		return failure;
	}

	@Configuration(proxyBeanMethods = false)
	@Import(StreamApplication.class)
	static class Listening {

		@RabbitListener(queues = "measurements")
		void receive(String message) {
		}

	}

}
