package dev.psat.tlstests;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;

import dev.psat.spire.tls.EndCause;

import org.springframework.context.annotation.Configuration;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RestController;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Handlers of which a server does not begin as many at a time as requests have been sent.
 */
@Configuration(proxyBeanMethods = false)
@RestController
public class QueuedRequests {

	private static final String GUILTY = TlsWorld.LISTED + "/guilty";

	private static final int CALLS = 60;

	private final AtomicInteger begun = new AtomicInteger();

	private final AtomicInteger finished = new AtomicInteger();

	private final CountDownLatch end = new CountDownLatch(1);

	@PostMapping("/queued")
	public String queued() throws InterruptedException {
		this.begun.incrementAndGet();
		this.end.await();
		this.finished.incrementAndGet();
		return "hello";
	}

	/**
	 * Assert that what a client has sent over HTTP/2 does not begin after the end of its
	 * connection, while what has begun is finished.
	 * @param application the application, with these handlers and {@link EndApplication}
	 * @param atOnce how many handlers the server begins at once
	 * @param isIdle returns whether the server has nothing left to do
	 */
	public static void assertDoNotBeginAfterTheEnd(TlsApplication application, int atOnce, BooleanSupplier isIdle) {
		Policy policy = application.bean(Policy.class);
		policy.invite(GUILTY);
		List<KeptClient.Begun> calls = new ArrayList<>();
		try (JdkKeptClient guilty = new JdkKeptClient(application.port("server"), application.world().mint(GUILTY),
				TlsVersion.TLS_1_3, true)) {
			assertThat(call(guilty)).isEqualTo("hello");
			for (int i = 0; i < CALLS; i++) {
				calls.add(guilty.beginPost("/queued"));
			}
			assertThatNoOtherBegins(application, atOnce, isIdle);
		}
		finally {
			calls.forEach(KeptClient.Begun::cancel);
		}
	}

	/**
	 * Assert that what a client has sent at once over HTTP/1.1 does not begin after the
	 * end of its connection, while what has begun is finished.
	 * @param application the application, with these handlers and {@link EndApplication}
	 * @param isIdle returns whether the server has nothing left to do
	 */
	public static void assertDoNotFollowAfterTheEnd(TlsApplication application, BooleanSupplier isIdle) {
		application.bean(Policy.class).invite(GUILTY);
		try (KeptConnection guilty = new KeptConnection(application.port("server"), null,
				application.world().mint(GUILTY))) {
			assertThat(guilty.get("/greeting")).isEqualTo("hello");
			guilty.post("/queued", CALLS);
			assertThatNoOtherBegins(application, 1, isIdle);
		}
	}

	private static void assertThatNoOtherBegins(TlsApplication application, int atOnce, BooleanSupplier isIdle) {
		QueuedRequests requests = application.bean(QueuedRequests.class);
		try (JdkKeptClient innocent = new JdkKeptClient(application.port("server"),
				application.world().credential(Peer.LISTED), TlsVersion.TLS_1_3, true)) {
			assertThat(call(innocent)).isEqualTo("hello");
			TlsApplication.patiently().until(() -> requests.begun.get() == atOnce);
			long ended = application.ended(EndCause.UNAUTHORIZED);
			application.bean(Policy.class).invite(null);
			application.bundle().reauthorize();
			TlsApplication.patiently().until(() -> application.ended(EndCause.UNAUTHORIZED) > ended);
			requests.end.countDown();
			TlsApplication.patiently().until(() -> requests.finished.get() >= atOnce && isIdle.getAsBoolean());
			assertThat(requests.begun).hasValue(atOnce);
			assertThat(call(innocent)).isEqualTo("hello");
		}
		finally {
			requests.end.countDown();
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
