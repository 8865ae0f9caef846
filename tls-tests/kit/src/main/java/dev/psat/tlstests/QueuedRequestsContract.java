package dev.psat.tlstests;

import java.util.ArrayList;
import java.util.List;

import dev.psat.spire.tls.EndCause;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The contract of any server that lets no request begin whose connection has ended, while
 * what has begun is finished. It serves an {@link EndApplication} with
 * {@link QueuedRequests}.
 */
public abstract class QueuedRequestsContract {

	private static final String GUILTY = TlsWorld.LISTED + "/guilty";

	private static final int CALLS = 60;

	/**
	 * Return the application.
	 * @return the application, one for each test
	 */
	protected abstract TlsApplication application();

	/**
	 * Return how many handlers the server begins at once for a connection over HTTP/2.
	 * @return how many
	 */
	protected abstract int atOnce();

	/**
	 * Return whether the server has nothing left to do for connections that have ended.
	 * @return whether it has not
	 */
	protected abstract boolean isIdle();

	@Test
	void requestsThatWaitForTheirTurnDoNotBeginAfterTheEnd() {
		QueuedRequests requests = begin();
		List<KeptClient.Begun> calls = new ArrayList<>();
		try (JdkKeptClient guilty = new JdkKeptClient(application().port("server"), application().world().mint(GUILTY),
				TlsVersion.TLS_1_3, true)) {
			assertThat(call(guilty)).isEqualTo("hello");
			for (int i = 0; i < CALLS; i++) {
				calls.add(guilty.beginPost("/queued"));
			}
			assertThatNoOtherBegins(requests, atOnce());
		}
		finally {
			calls.forEach(KeptClient.Begun::cancel);
		}
	}

	@Test
	void requestsThatWereSentAtOnceDoNotBeginAfterTheEnd() {
		QueuedRequests requests = begin();
		try (KeptConnection guilty = new KeptConnection(application().port("server"), null,
				application().world().mint(GUILTY))) {
			assertThat(guilty.get("/greeting")).isEqualTo("hello");
			guilty.post("/queued", CALLS);
			assertThatNoOtherBegins(requests, 1);
		}
	}

	private QueuedRequests begin() {
		application().bean(Policy.class).invite(GUILTY);
		return application().bean(QueuedRequests.class);
	}

	private void assertThatNoOtherBegins(QueuedRequests requests, int atOnce) {
		try (JdkKeptClient innocent = new JdkKeptClient(application().port("server"),
				application().world().credential(Peer.LISTED), TlsVersion.TLS_1_3, true)) {
			TlsApplication.patiently().until(() -> requests.begun() == atOnce);
			long ended = application().ended(EndCause.UNAUTHORIZED);
			application().bean(Policy.class).invite(null);
			application().bundle().reauthorize();
			TlsApplication.patiently().until(() -> application().ended(EndCause.UNAUTHORIZED) > ended);
			requests.end();
			TlsApplication.patiently().until(() -> requests.finished() >= atOnce && isIdle());
			assertThat(requests.begun()).isEqualTo(atOnce);
			assertThat(call(innocent)).isEqualTo("hello");
		}
		finally {
			application().bean(Policy.class).invite(null);
			requests.end();
		}
	}

	private static String call(KeptClient client) {
		try {
			return client.call();
		}
		catch (Exception ex) {
			return ex.toString();
		}
	}

}
