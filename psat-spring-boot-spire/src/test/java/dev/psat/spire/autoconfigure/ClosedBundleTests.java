package dev.psat.spire.autoconfigure;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;

import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLException;

import dev.psat.autoconfigure.PsatAutoConfiguration;
import dev.psat.spire.KeyedIdentity;
import dev.psat.spire.SpireIdentity;
import dev.psat.spire.ssl.SpiffeSslBundle;
import dev.psat.spire.tls.internal.BundleTls;
import dev.psat.spire.tls.internal.EngineHandshake;
import dev.psat.spire.tls.internal.ForeignTls;
import dev.psat.spire.tls.internal.SocketPair;
import dev.psat.support.ClassicAuthority;
import dev.psat.support.RunningThreads;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

import org.springframework.beans.factory.DisposableBean;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.autoconfigure.ssl.SslAutoConfiguration;
import org.springframework.boot.autoconfigure.ssl.SslBundleRegistrar;
import org.springframework.boot.ssl.SslBundle;
import org.springframework.boot.ssl.SslBundles;
import org.springframework.boot.ssl.SslStoreBundle;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * A context that is closed leaves no connection of its bundles open, and no thread that
 * looks at them.
 */
@ExtendWith(OutputCaptureExtension.class)
class ClosedBundleTests {

	private static final String OVER = "The application has been stopped";

	private final KeyedIdentity identity = new KeyedIdentity();

	private final List<SocketPair> pairs = new CopyOnWriteArrayList<>();

	private final CountDownLatch end = new CountDownLatch(1);

	private final Set<Thread> others = Set.copyOf(watching());

	private final ApplicationContextRunner contextRunner = new ApplicationContextRunner()
		.withConfiguration(AutoConfigurations.of(SslAutoConfiguration.class, PsatAutoConfiguration.class,
				SpireAutoConfiguration.class))
		.withPropertyValues("spire.psat.cluster=demo-cluster", "spire.psat.token-path=/no/such/token",
				"spire.server.address=spire-server:8081", "spire.server.trust-domain=example.org",
				"spire.server.trust-bundle=/no/such/bundle", "spire.bundle.authorize-any-client=true",
				"spire.bundle.authorize-any-server=true")
		.withBean(SpireIdentity.class, () -> this.identity);

	@AfterEach
	void close() {
		this.end.countDown();
		this.pairs.forEach(SocketPair::close);
	}

	@Test
	void connectionsEndWithTheirContextAndSoDoesTheThread(CapturedOutput output) {
		this.identity.rotate();
		this.contextRunner.run((context) -> {
			SSLContext tls = context.getBean(SpiffeSslBundle.class).createSslContext();
			this.pairs.add(SocketPair.connect(tls, tls, "TLSv1.3", false));
			this.pairs.add(SocketPair.connect(tls, tls, "TLSv1.2", true));
			assertThat(ours()).isNotEmpty();
		});
		soon().untilAsserted(() -> assertThat(ours()).isEmpty());
		assertThat(this.pairs).allMatch((pair) -> pair.client().isClosed() && pair.server().isClosed());
		assertThat(output).doesNotContain("was ended");
	}

	@Test
	void nobodyConnectsWithABundleWhoseContextIsClosed() {
		this.identity.rotate();
		List<SpiffeSslBundle> bundles = new CopyOnWriteArrayList<>();
		this.contextRunner.run((context) -> {
			SpiffeSslBundle bundle = context.getBean(SpiffeSslBundle.class);
			bundles.addAll(List.of(bundle, bundle.authorizing((peer) -> true), bundle.keepingConnections()));
			for (SpiffeSslBundle each : bundles) {
				shakeHands(each);
			}
		});
		for (SpiffeSslBundle each : bundles) {
			assertThatExceptionOfType(SSLException.class).isThrownBy(() -> shakeHands(each))
				.withMessageContaining(OVER);
		}
		soon().untilAsserted(() -> assertThat(ours()).isEmpty());
	}

	@Test
	void connectionsThatNothingCanEndKeepNoThread() {
		this.identity.rotate();
		List<SSLEngine> held = new CopyOnWriteArrayList<>();
		this.contextRunner.withPropertyValues("spire.bundle.open-connections=keep").run((context) -> {
			SSLContext tls = context.getBean(SpiffeSslBundle.class).createSslContext();
			this.pairs.add(SocketPair.connect(tls, tls, "TLSv1.3", false));
			held.add(shakeHands(context.getBean(SpiffeSslBundle.class)).client());
		});
		soon().untilAsserted(() -> assertThat(ours()).isEmpty());
		assertThat(this.pairs).noneMatch((pair) -> pair.client().isClosed() || pair.server().isClosed());
		assertThat(held).noneMatch(SSLEngine::isOutboundDone);
	}

	@Test
	void connectionsOfIdentityBundlesEndToo() {
		this.identity.rotate();
		ClassicAuthority authority = new ClassicAuthority();
		List<SSLEngine> held = new CopyOnWriteArrayList<>();
		this.contextRunner.withPropertyValues("spire.identity-bundles.kafka.trust=corporate")
			.withBean(SslBundleRegistrar.class,
					() -> (registry) -> registry.registerBundle("corporate",
							SslBundle.of(SslStoreBundle.of(null, null, authority.trustStore()))))
			.run((context) -> {
				SSLContext tls = context.getBean(SslBundles.class).getBundle("kafka").createSslContext();
				SSLContext server = ForeignTls.server(authority, "localhost");
				held.add(EngineHandshake.begin(BundleTls.throwing(tls), server, "TLSv1.3").end().client());
			});
		soon().untilAsserted(() -> assertThat(ours()).isEmpty());
		assertThat(held).singleElement()
			.satisfies((engine) -> assertThatExceptionOfType(SSLException.class)
				.isThrownBy(() -> engine.wrap(ByteBuffer.allocate(1), ByteBuffer.allocate(32 * 1024)))
				.withMessageContaining(OVER));
	}

	@Test
	void policyThatIsBeingAskedAgainIsInterrupted() {
		this.identity.rotate();
		this.contextRunner.run((context) -> {
			boolean[] hangs = new boolean[1];
			SpiffeSslBundle bundle = context.getBean(SpiffeSslBundle.class)
				.authorizing((peer) -> !hangs[0] || await(this.end));
			SSLContext tls = bundle.createSslContext();
			this.pairs.add(SocketPair.connect(tls, tls, "TLSv1.3", false));
			hangs[0] = true;
			bundle.reauthorize();
			Awaitility.await().until(() -> !RunningThreads.named("spire-policies").isEmpty());
		});
		soon().untilAsserted(() -> assertThat(RunningThreads.beginningWith("spire-policies")).isEmpty());
		// which ends the connections
		soon().untilAsserted(() -> assertThat(ours()).isEmpty());
		assertThat(this.pairs).allMatch((pair) -> pair.client().isClosed() && pair.server().isClosed());
	}

	/**
	 * Such as one that writes what it has collected, or says goodbye.
	 */
	@Test
	void beanThatUsesABundleStillConnectsWhileItIsDestroyed() {
		this.identity.rotate();
		StringBuffer said = new StringBuffer();
		this.contextRunner.withBean(StringBuffer.class, () -> said)
			.withUserConfiguration(Polite.class)
			.run((context) -> {
			});
		assertThat(said).hasToString("goodbye");
	}

	private static boolean await(CountDownLatch latch) {
		try {
			latch.await();
			return true;
		}
		catch (InterruptedException ex) {
			throw new IllegalStateException(ex);
		}
	}

	private static EngineHandshake shakeHands(SslBundle bundle) throws SSLException {
		return EngineHandshake.begin(bundle.createSslContext(), bundle.createSslContext(), "TLSv1.3").end();
	}

	private List<Thread> ours() {
		return watching().stream().filter((thread) -> !this.others.contains(thread)).toList();
	}

	private static List<Thread> watching() {
		return RunningThreads.beginningWith("spire-connections");
	}

	/**
	 * Threads that nobody ends have nothing to do after a minute, and end then.
	 */
	private static ConditionFactory soon() {
		return Awaitility.await().atMost(Duration.ofSeconds(50));
	}

	@Configuration(proxyBeanMethods = false)
	static class Polite {

		@Bean
		DisposableBean polite(SslBundles bundles, StringBuffer said) {
			return () -> {
				shakeHands(bundles.getBundle("spire"));
				said.append("goodbye");
			};
		}

	}

}
