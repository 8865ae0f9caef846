package dev.psat.benchmarks.spire.tls;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

import javax.net.ssl.SSLContext;

import dev.psat.benchmarks.spire.World;
import dev.psat.benchmarks.tlsserver.QuickIdentity;
import dev.psat.spire.test.SimulatedAuthority;

/**
 * Clients that call a server without a pause while their authority is revoked.
 *
 * @param world where
 * @param webServer what the server is made of
 * @param server the server
 */
record LastByteRun(World world, WebServer webServer, ServerProcess server) {

	static final int CLIENTS = 5;

	private static final int WARM = 20;

	/**
	 * Revoke authorities.
	 * @param world where
	 * @param webServer what the server is made of
	 * @param rounds how many
	 * @return for how many nanoseconds each client has received something after the
	 * server had learned of the revocation
	 * @throws Exception if a connection does not end, or it cannot be told when
	 */
	static List<Long> of(World world, WebServer webServer, int rounds) throws Exception {
		try (ServerProcess server = ServerProcess.start(webServer,
				Stream.concat(webServer.properties(world).stream(), Stream.of(QuickIdentity.PROPERTY + "=true"))
					.toList())) {
			Wait.until(() -> !server.shown().isEmpty(), () -> "The server does not tell of its certificate");
			LastByteRun run = new LastByteRun(world, webServer, server);
			List<Long> times = new ArrayList<>();
			run.round();
			for (int i = 0; i < rounds; i++) {
				times.addAll(run.round());
			}
			return times;
		}
	}

	/**
	 * One that the server has asked to connect anew, since it has learned that the
	 * authority is tainted before it learned of the revocation, does not count.
	 */
	private List<Long> round() throws Exception {
		SSLContext context = this.world.server()
			.mintX509Svid(World.id(ClientApplication.SERVICE_ACCOUNT))
			.toSslBundle(this.world.server())
			.createSslContext();
		int port = this.server.uri("/").getPort();
		List<KeptCalls> clients = Stream.generate(() -> new KeptCalls(context, port)).limit(CLIENTS).toList();
		clients.forEach(Thread::start);
		Wait.until(() -> clients.stream().allMatch((client) -> client.calls() > WARM), () -> "There is no answer");
		SimulatedAuthority authority = this.world.server().authority();
		await(authority::prepare);
		authority.activate();
		int shown = this.server.shown().size();
		this.world.replaceSvid(this.webServer.serviceAccount());
		Wait.until(() -> this.server.shown().size() > shown, () -> "The server tells of no other certificate");
		await(() -> {
			authority.taint();
			authority.revoke();
		});
		Wait.until(() -> clients.stream().noneMatch(Thread::isAlive), () -> "A connection does not end");
		return clients.stream()
			.filter(KeptCalls::isCut)
			.map((client) -> Math.max(0, client.lastByte() - this.server.learned()))
			.toList();
	}

	private void await(Runnable change) throws InterruptedException {
		long learned = this.server.learned();
		change.run();
		Wait.until(() -> this.server.learned() != learned, () -> "The server learns of no other authority");
	}

}
