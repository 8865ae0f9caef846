package dev.psat.spire.tls.internal;

import java.security.KeyStore;

import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.ManagerFactoryParameters;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;

import dev.psat.concurrent.internal.Time;
import dev.psat.spiffe.SvidMint;
import dev.psat.spire.tls.Direction;
import dev.psat.spire.tls.HandshakeOutcome;
import io.netty.buffer.ByteBufAllocator;
import io.netty.handler.ssl.ClientAuth;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link BundleTls.FixedManagers}.
 */
class FixedManagersTests {

	private static final SvidMint ROOT = new SvidMint("root");

	private static final PeerPolicies ANYBODY = PeerPolicies.of((peer) -> true);

	private final SvidTls tls = SvidTls.of(MutableIdentity.of(ROOT, "spiffe://example.org/orders"), ANYBODY,
			TlsOptions.NONE, Time.ofSystem());

	@Test
	void managersAreThereWithoutInitialization() {
		assertThat(this.tls.tls().keyManagerFactory().getKeyManagers()).singleElement()
			.isInstanceOf(SvidKeyManager.class);
		assertThat(this.tls.tls().trustManagerFactory().getTrustManagers()).singleElement()
			.isInstanceOf(PeerTrustManager.class);
	}

	@Test
	void initializationChangesNothing() throws Exception {
		KeyManagerFactory keys = this.tls.tls().keyManagerFactory();
		TrustManagerFactory trust = this.tls.tls().trustManagerFactory();
		Object keyManager = keys.getKeyManagers()[0];
		Object trustManager = trust.getTrustManagers()[0];
		KeyStore other = KeyStore.getInstance("PKCS12");
		other.load(null, null);
		keys.init(other, "changeit".toCharArray());
		keys.init(null, null);
		keys.init(null);
		trust.init(other);
		trust.init((KeyStore) null);
		trust.init((ManagerFactoryParameters) null);
		assertThat(keys.getKeyManagers()).containsExactly((KeyManager) keyManager);
		assertThat(trust.getTrustManagers()).containsExactly((TrustManager) trustManager);
	}

	@Test
	void arraysAreCopies() {
		this.tls.tls().keyManagerFactory().getKeyManagers()[0] = new KeyManager() {
		};
		this.tls.tls().trustManagerFactory().getTrustManagers()[0] = new TrustManager() {
		};
		managersAreThereWithoutInitialization();
	}

	@Test
	void nettyTakesThem() throws Exception {
		SslContext client = SslContextBuilder.forClient()
			.sslProvider(SslProvider.JDK)
			.keyManager(this.tls.tls().keyManagerFactory())
			.trustManager(this.tls.tls().trustManagerFactory())
			.build();
		SslContext server = SslContextBuilder.forServer(this.tls.tls().keyManagerFactory())
			.sslProvider(SslProvider.JDK)
			.trustManager(this.tls.tls().trustManagerFactory())
			.clientAuth(ClientAuth.REQUIRE)
			.build();
		SSLEngine clientEngine = client.newEngine(ByteBufAllocator.DEFAULT, "localhost", 8443);
		SSLEngine serverEngine = server.newEngine(ByteBufAllocator.DEFAULT);
		EngineHandshake.begin(clientEngine, serverEngine, "TLSv1.3").end();
		for (Direction direction : Direction.values()) {
			assertThat(this.tls.tls().counts().count(direction, HandshakeOutcome.ACCEPTED)).isOne();
		}
	}

	@Test
	void contextOfTheJdkTakesThem() throws Exception {
		SSLContext context = SSLContext.getInstance("TLSv1.3");
		context.init(this.tls.tls().keyManagerFactory().getKeyManagers(),
				this.tls.tls().trustManagerFactory().getTrustManagers(), null);
		EngineHandshake.begin(context, context, "TLSv1.3").end();
		for (Direction direction : Direction.values()) {
			assertThat(this.tls.tls().counts().count(direction, HandshakeOutcome.ACCEPTED)).isOne();
		}
	}

}
