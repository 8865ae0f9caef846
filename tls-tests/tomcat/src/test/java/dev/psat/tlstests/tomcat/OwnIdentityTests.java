package dev.psat.tlstests.tomcat;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

import dev.psat.spiffe.JwtSvid;
import dev.psat.spiffe.TrustBundle;
import dev.psat.spiffe.TrustDomain;
import dev.psat.spiffe.X509Svid;
import dev.psat.spire.SpireIdentity;
import dev.psat.spire.SpireState;
import dev.psat.spire.SpireStatus;
import dev.psat.spire.ssl.SpiffeSslBundle;
import dev.psat.spire.test.SimulatedSpireServer;
import dev.psat.spire.test.SimulatedX509Svid;
import dev.psat.spire.tls.Direction;
import dev.psat.spire.tls.HandshakeOutcome;
import dev.psat.spire.tls.KeyedSvid;
import dev.psat.spire.tls.TlsIdentity;
import dev.psat.spire.tls.TlsSnapshot;
import dev.psat.tlstests.JavaCaller;
import dev.psat.tlstests.Knock;
import dev.psat.tlstests.Peer;
import dev.psat.tlstests.Reception;
import dev.psat.tlstests.TlsVersion;
import dev.psat.tlstests.TlsWorld;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.web.server.servlet.context.ServletWebServerApplicationContext;
import org.springframework.context.support.GenericApplicationContext;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tomcat with the identity of an application that gets its SVIDs in its own way.
 */
class OwnIdentityTests {

	@AutoClose
	private final TlsWorld world = new TlsWorld();

	private final OwnIdentity identity = new OwnIdentity(this.world.server());

	private ServletWebServerApplicationContext context;

	@BeforeEach
	void start() {
		this.identity.rotate();
		this.context = (ServletWebServerApplicationContext) new SpringApplicationBuilder(TomcatApplication.class)
			.initializers((GenericApplicationContext context) -> context.registerBean(SpireIdentity.class,
					() -> this.identity))
			.properties(this.world.properties("server.port=0", "server.ssl.bundle=spire"))
			.run();
	}

	@AfterEach
	void stop() {
		this.context.close();
	}

	@ParameterizedTest
	@EnumSource
	void isServedAndRotates(TlsVersion version) {
		Knock knock = Knock.http(this.context.getWebServer().getPort(), "/greeting");
		JavaCaller.Resumable client = new JavaCaller().resumable(knock, version, this.world.credential(Peer.LISTED));
		for (int i = 1; i <= 3; i++) {
			Reception reception = client.call();
			assertThat(reception.answered()).as(reception.output()).isTrue();
			assertThat(reception.server()).isEqualTo(this.identity.x509Svid().chain().get(0));
			assertThat(this.context.getBean(SpiffeSslBundle.class)
				.handshakes()
				.count(Direction.INBOUND, HandshakeOutcome.ACCEPTED)).isEqualTo(i);
			this.identity.rotate();
		}
		assertThat(this.world.letIn(new JavaCaller(), knock, version)).containsExactly(Peer.LISTED, Peer.BELOW_PATH);
	}

	/**
	 * No more than an application has to write.
	 */
	private static final class OwnIdentity implements SpireIdentity, TlsIdentity {

		private final SimulatedSpireServer issuer;

		private final List<Runnable> listeners = new CopyOnWriteArrayList<>();

		private volatile TlsSnapshot snapshot = TlsSnapshot.EMPTY;

		OwnIdentity(SimulatedSpireServer issuer) {
			this.issuer = issuer;
		}

		void rotate() {
			KeyedSvid before = this.snapshot.svid();
			SimulatedX509Svid issued = this.issuer.mintX509Svid(TlsWorld.ORDERS);
			this.snapshot = new TlsSnapshot(
					new KeyedSvid(X509Svid.of(issued.chain(), null), issued.privateKey(),
							(before != null) ? before.generation() + 1 : 1),
					TrustBundle.parse(TrustDomain.of(this.issuer.trustDomain()),
							this.issuer.trustBundle().toPem().getBytes(StandardCharsets.US_ASCII)));
			this.listeners.forEach(Runnable::run);
		}

		@Override
		public TlsSnapshot snapshot() {
			return this.snapshot;
		}

		@Override
		public boolean onChange(Runnable listener) {
			return this.listeners.add(listener);
		}

		@Override
		public String absence() {
			return "Nothing has been issued";
		}

		@Override
		public X509Svid x509Svid() {
			return this.snapshot.svid().svid();
		}

		@Override
		public JwtSvid jwtSvid(String audience, String... more) {
			throw new UnsupportedOperationException();
		}

		@Override
		public TrustBundle trustBundle() {
			return this.snapshot.trustBundle();
		}

		@Override
		public SpireStatus status() {
			return SpireStatus.builder(SpireState.READY).build();
		}

	}

}
