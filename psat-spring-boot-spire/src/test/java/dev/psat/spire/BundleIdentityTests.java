package dev.psat.spire;

import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicReference;

import dev.psat.spiffe.TrustDomain;
import dev.psat.spiffe.X509Svid;
import dev.psat.spire.client.ServerAddress;
import dev.psat.spire.internal.ManualTime;
import dev.psat.spire.internal.TestSvid;
import dev.psat.spire.server.SpireServerIdentity;
import dev.psat.spire.tls.TlsSnapshot;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link BundleIdentity}.
 */
class BundleIdentityTests {

	private final AtomicReference<@Nullable SpireIdentity> current = new AtomicReference<>();

	private final BundleIdentity identity = new BundleIdentity(this.current::get);

	@Test
	void identityMayComeLater() {
		assertThat(this.identity.snapshot()).isSameAs(TlsSnapshot.EMPTY);
		assertThat(this.identity.absence()).isEqualTo("The application has not started yet");
		this.current.set(new TestIdentity());
		assertThat(this.identity.snapshot()).isSameAs(TlsSnapshot.EMPTY);
		assertThat(this.identity.absence()).isEqualTo("There is none in a test (STARTING)");
	}

	@Test
	void identityOfOursSaysWhyItHasNothingYet() {
		try (SpireIdentity ours = SpireServerIdentity.builder(() -> {
			throw new IllegalStateException("Nothing is attested");
		})
			.server(new ServerAddress("127.0.0.1", 1))
			.trustDomain(TrustDomain.of("example.org"))
			.trustBundle(Path.of("absent.pem"))
			.build()) {
			this.current.set(ours);
			assertThat(this.identity.snapshot().svid()).isNull();
			assertThat(this.identity.snapshot().trustBundle()).isNull();
			assertThat(this.identity.absence()).matches("No X.509-SVID is in force.* \\((STARTING|ATTESTING)\\)");
		}
	}

	@Test
	void identityOfAUserHasNoKeyToServe() {
		this.current.set(answering(() -> TestSvid.agent(new ManualTime().time())));
		assertThat(this.identity.snapshot()).isSameAs(TlsSnapshot.EMPTY);
		assertThat(this.identity.absence())
			.isEqualTo("The SpireIdentity bean does not implement TlsIdentity, so it has no private key to serve");
	}

	@Test
	void identityThatFailsIsToldByItsTypeAlone() {
		this.current.set(answering(() -> {
			throw new IllegalStateException("anything\r\nat all");
		}));
		assertThat(this.identity.absence()).isEqualTo("The SPIRE identity failed: java.lang.IllegalStateException");
	}

	@Test
	void identityThatCannotEvenBeFoundHasNothing() {
		BundleIdentity lost = new BundleIdentity(() -> {
			throw new IllegalStateException("on purpose");
		});
		assertThat(lost.snapshot()).isSameAs(TlsSnapshot.EMPTY);
		assertThat(lost.bundle(TrustDomain.of("example.org"))).isNull();
		assertThat(lost.absence()).isEqualTo("The SPIRE identity failed: java.lang.IllegalStateException");
		lost.onChange(() -> {
		});
	}

	private static SpireIdentity answering(Answer answer) {
		return (SpireIdentity) Proxy.newProxyInstance(SpireIdentity.class.getClassLoader(),
				new Class<?>[] { SpireIdentity.class }, (proxy, method, arguments) -> answer.svid());
	}

	private interface Answer {

		X509Svid svid();

	}

}
