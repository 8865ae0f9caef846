package dev.psat.tlstests;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

/**
 * The contract of any server that closes the connections of clients that say nothing, and
 * whose authorization has ended. It serves an {@link EndApplication}.
 */
public abstract class SilentEndContract {

	/** The peer whose connections end, and no other's. */
	static final String GUILTY = TlsWorld.LISTED + "/guilty";

	private static final String SLOW = TlsWorld.LISTED + "/slow";

	/**
	 * Return the application.
	 * @return the application, always the same instance
	 */
	protected abstract TlsApplication application();

	@Test
	void connectionOfClientThatHasVanishedIsNotOpen() {
		Silence silence = silences().contains(Silence.BETWEEN_REQUESTS) ? Silence.BETWEEN_REQUESTS
				: Silence.WITHOUT_STREAM;
		application().bean(Policy.class).invite(GUILTY);
		try (SilentClient client = silent(application().world().mint(GUILTY), silence)) {
			assertThat(application().open(GUILTY)).isOne();
			// without saying so over TLS
			client.close();
			TlsApplication.patiently().until(() -> application().open(GUILTY) == 0);
		}
		finally {
			application().bean(Policy.class).invite(null);
		}
	}

	/**
	 * Return when clients fall silent.
	 * @return when they do, which the server knows
	 */
	protected Set<Silence> silences() {
		return EnumSet.allOf(Silence.class);
	}

	/**
	 * Return whether others are served while a policy hangs in a handshake.
	 * @return whether they are
	 */
	protected boolean servesWhileThePolicyHangs() {
		return true;
	}

	/**
	 * Return the port of the server.
	 * @return the port on the loopback interface
	 */
	protected int port() {
		return application().port("server");
	}

	@Test
	void connectionsOfSilentClientsAreClosed() {
		List<SilentClient> guilty = new ArrayList<>();
		List<SilentClient> innocent = new ArrayList<>();
		Silents silents = application().bean(Silents.class);
		Policy policy = application().bean(Policy.class);
		policy.invite(GUILTY);
		try {
			for (Silence silence : silences()) {
				guilty.add(silent(application().world().mint(GUILTY), silence));
				innocent.add(silent(application().world().credential(Peer.LISTED), silence));
			}
			int sockets = silences().contains(Silence.ON_WEB_SOCKET) ? 1 : 0;
			int listeners = silences().contains(Silence.AMONG_EVENTS) ? 1 : 0;
			TlsApplication.patiently().untilAsserted(() -> {
				assertThat(application().open(GUILTY)).isEqualTo(guilty.size());
				assertThat(silents.sockets()).isEqualTo(2 * sockets);
				assertThat(silents.listeners()).isEqualTo(2 * listeners);
			});
			policy.invite(null);
			application().bundle().reauthorize();
			guilty.forEach(SilentClient::assertEnds);
			TlsApplication.patiently().untilAsserted(() -> {
				// counted by the thread that has ended them
				assertThat(application().open(GUILTY)).isZero();
				assertThat(silents.sockets()).as("WebSockets").isEqualTo(sockets);
				assertThat(silents.listeners()).as("listeners").isEqualTo(listeners);
			});
			innocent.forEach((client) -> client.assertGoesOn(silents));
		}
		finally {
			policy.invite(null);
			guilty.forEach(SilentClient::close);
			innocent.forEach(SilentClient::close);
		}
		if (silences().contains(Silence.AMONG_EVENTS)) {
			awaitNoListener(silents);
		}
	}

	/**
	 * Whoever looks for what has ended must not wait for a handshake, in which an
	 * application decides.
	 */
	@Test
	void connectionsOfSilentClientsAreClosedWhileThePolicyHangsInAHandshake() {
		assumeThat(servesWhileThePolicyHangs()).isTrue();
		Policy policy = application().bean(Policy.class);
		CompletableFuture<Void> over = new CompletableFuture<>();
		CompletableFuture<Void> hanging = policy.hang(SLOW, over);
		CompletableFuture<Void> handshake = CompletableFuture
			.runAsync(() -> silent(application().world().mint(SLOW), Silence.AFTER_HANDSHAKE).close());
		// a client that is not served would otherwise be waited for
		handshake.whenComplete((done, failure) -> {
			if (failure != null) {
				hanging.completeExceptionally(failure);
			}
		});
		try {
			hanging.join();
			// it may have been found before the one that hangs, but not again
			for (int i = 0; i < 2; i++) {
				policy.invite(GUILTY);
				try (SilentClient guilty = silent(application().world().mint(GUILTY), silences().iterator().next())) {
					TlsApplication.patiently().until(() -> application().open(GUILTY) == 1);
					policy.invite(null);
					application().bundle().reauthorize();
					guilty.assertEnds();
				}
			}
		}
		finally {
			over.complete(null);
			policy.invite(null);
			handshake.exceptionally((refusal) -> null).join();
		}
	}

	/**
	 * Speak until the server has noticed that nobody listens any more, or it would wait
	 * when it ends.
	 */
	private static void awaitNoListener(Silents silents) {
		TlsApplication.patiently().until(() -> {
			silents.speak();
			return silents.listeners() == 0;
		});
	}

	private SilentClient silent(Credential credential, Silence silence) {
		return new SilentClient(port(), credential, silence, "/greeting");
	}

}
