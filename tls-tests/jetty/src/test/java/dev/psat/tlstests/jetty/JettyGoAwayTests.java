package dev.psat.tlstests.jetty;

import java.util.List;
import java.util.concurrent.FutureTask;
import java.util.stream.Stream;

import dev.psat.spire.ssl.SpiffeSslBundle;
import dev.psat.support.Matrix;
import dev.psat.tlstests.ClientContract.Call;
import dev.psat.tlstests.EndMint;
import dev.psat.tlstests.EndingPeer;
import dev.psat.tlstests.PlayedIdentity;
import dev.psat.tlstests.TlsVersion;
import dev.psat.tlstests.TlsWorld;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.boot.ssl.SslOptions;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * What becomes of calls of Jetty's client over HTTP/2 that are under way when the server
 * wants no further ones, as it does where the client's SVID expires soon.
 */
@Matrix
class JettyGoAwayTests {

	private final EndMint mint = new EndMint("root");

	private final PlayedIdentity identity = new PlayedIdentity();

	@BeforeEach
	void present() {
		this.identity.trust(this.mint.authority());
		this.identity.present(this.mint.mint(TlsWorld.ORDERS));
	}

	@ParameterizedTest
	@ValueSource(booleans = { false, true })
	void callsUnderWayAreFinishedOnTheirConnection(boolean renewed) throws Exception {
		SpiffeSslBundle bundle = SpiffeSslBundle.of(() -> this.identity, (client) -> null, (server) -> null,
				SslOptions.NONE);
		Call client = JettyOutboundEndTests.ClientOfBothProtocols.client(bundle, 2);
		try (EndingPeer server = new EndingPeer(this.mint.mint(TlsWorld.LISTED), TlsVersion.TLS_1_3, true)) {
			assertThat(client.get(server.uri())).isEqualTo("hello");
			List<FutureTask<String>> underWay = Stream.generate(() -> call(client, server)).limit(3).toList();
			await().until(() -> server.held() == underWay.size());
			assertThat(server.connections()).isOne();
			server.goAway();
			if (renewed) {
				this.identity.present(this.mint.mint(TlsWorld.ORDERS));
			}
			await().until(() -> {
				assertThat(client.post(server.uri())).isEqualTo("hello");
				return server.connections() == 2;
			});
			for (int i = 1; i <= underWay.size(); i++) {
				int released = i;
				server.releaseOne();
				await().until(() -> underWay.stream().filter(FutureTask::isDone).count() >= released);
				for (FutureTask<String> call : underWay) {
					if (call.isDone()) {
						assertThat(call.get()).isEqualTo("hello");
					}
				}
			}
			await().until(() -> server.open() == 1);
			assertThat(client.post(server.uri())).isEqualTo("hello");
			assertThat(server.connections()).isEqualTo(2);
		}
	}

	private static FutureTask<String> call(Call client, EndingPeer server) {
		FutureTask<String> call = new FutureTask<>(() -> client.post(server.heldUri()));
		Thread thread = new Thread(call, "held-call");
		thread.setDaemon(true);
		thread.start();
		return call;
	}

}
