package dev.psat.benchmarks.spire.tls;

import java.lang.Thread.State;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadInfo;
import java.lang.management.ThreadMXBean;
import java.lang.reflect.Proxy;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;

import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLException;

import dev.psat.benchmarks.Sample;
import dev.psat.benchmarks.spire.World;
import dev.psat.spiffe.TrustBundle;
import dev.psat.spiffe.TrustDomain;
import dev.psat.spire.SpireIdentity;
import dev.psat.spire.ssl.SpiffeSslBundle;
import dev.psat.spire.tls.PeerPolicy;
import dev.psat.spire.tls.TlsIdentity;
import dev.psat.spire.tls.TlsSnapshot;

import org.springframework.boot.ssl.SslOptions;

/**
 * Many connections of servers that are open at once, in memory, without sockets: engines
 * whose other side is gone. Their identity learns of a trust bundle when it is told to.
 */
final class ConnectionCrowd {

	static final List<Bundle> BUNDLES = List.of(Bundle.SVID, Bundle.KEPT, Bundle.PEM);

	static final int LOOKS = 9;

	private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();

	private static final int REST = 30;

	private final List<Runnable> listeners = new CopyOnWriteArrayList<>();

	private final List<SSLEngine> servers = new ArrayList<>();

	private final World world;

	private final ClientApplication application;

	private final SpiffeSslBundle bundle;

	private volatile TrustBundle trustBundle;

	private ConnectionCrowd(World world, ClientApplication application) {
		this.world = world;
		this.application = application;
		this.trustBundle = read();
		TlsIdentity own = (TlsIdentity) application.identity();
		SpireIdentity identity = (SpireIdentity) Proxy.newProxyInstance(SpireIdentity.class.getClassLoader(),
				new Class<?>[] { SpireIdentity.class, TlsIdentity.class },
				(proxy, method, arguments) -> switch (method.getName()) {
					case "snapshot" -> new TlsSnapshot(own.snapshot().svid(), this.trustBundle);
					case "bundle" -> this.trustBundle;
					case "onChange" -> this.listeners.add((Runnable) arguments[0]);
					default -> method.invoke(own, arguments);
				});
		PeerPolicy anybody = (peer) -> null;
		this.bundle = SpiffeSslBundle.of(() -> identity, anybody, anybody, SslOptions.NONE);
	}

	/**
	 * Measure connections that end with their cause, others that are kept, and others of
	 * Spring Boot's bundle.
	 * @param world where
	 * @param application both sides of all connections
	 * @param many how many to measure, after a tenth of them
	 * @return what was found
	 * @throws Exception if it cannot be measured
	 */
	static Findings of(World world, ClientApplication application, int many) throws Exception {
		ConnectionCrowd crowd = new ConnectionCrowd(world, application);
		TrustBundle one = crowd.trustBundle;
		world.server().authority().rotate();
		TrustBundle two = crowd.read();
		crowd.connect(Bundle.SVID, many / 100);
		crowd.connect(Bundle.PEM, many / 100);
		crowd.looks(one, two);
		Looks few = null;
		Looks all = null;
		double[] bytes = new double[Bundle.values().length];
		for (Bundle each : BUNDLES) {
			crowd.servers.clear();
			double before = crowd.settledHeap(two);
			crowd.connect(each, many / 10);
			few = (each == Bundle.SVID) ? crowd.looks(one, two) : few;
			crowd.connect(each, many - many / 10);
			bytes[each.ordinal()] = (crowd.settledHeap(two) - before) / crowd.servers.size();
			all = (each == Bundle.SVID) ? crowd.looks(one, two) : all;
		}
		return new Findings(many, Map.of(many / 10, Objects.requireNonNull(few), many, Objects.requireNonNull(all)),
				bytes);
	}

	private TrustBundle read() {
		return TrustBundle.parse(TrustDomain.of(this.world.server().trustDomain()),
				this.world.server().trustBundle().toJwks().getBytes(StandardCharsets.UTF_8));
	}

	private void connect(Bundle which, int count) throws SSLException {
		PemClient pem = PemClient.of(this.application.pemBundle());
		SSLContext context = switch (which) {
			case SVID, AGAIN -> this.bundle.createSslContext();
			case KEPT -> this.bundle.keepingConnections().createSslContext();
			case PEM -> this.application.pemBundle().createSslContext();
		};
		for (int i = 0; i < count; i++) {
			pem.forgetSessions();
			EngineSide client = EngineSide.client((which == Bundle.PEM) ? pem.context() : context, "TLSv1.3");
			EngineSide server = EngineSide.server(context, "TLSv1.3");
			EngineSide.shakeHands(client, server);
			this.servers.add(server.engine());
		}
	}

	private Looks looks(TrustBundle one, TrustBundle two) throws InterruptedException {
		heap();
		List<Double> changes = new ArrayList<>();
		List<Double> refreshes = new ArrayList<>();
		for (int i = 0; i < LOOKS; i++) {
			changes.add(look((i % 2 == 0) ? one : two));
			refreshes.add(look(TrustBundle.of(one.trustDomain(), this.trustBundle.x509Authorities(),
					this.trustBundle.jwtAuthorities(), null, null)));
		}
		return new Looks(Sample.of(changes), Sample.of(refreshes));
	}

	/**
	 * Return what the heap holds once the connections are forgotten that nobody holds.
	 */
	private double settledHeap(TrustBundle same) throws InterruptedException {
		heap();
		look(same);
		return heap();
	}

	/**
	 * Tell of a trust bundle.
	 * @return the processor time until the thread that looks at connections rests again,
	 * which it does for good when there has not been any for a minute
	 */
	private double look(TrustBundle next) throws InterruptedException {
		long begin = cpu();
		this.trustBundle = next;
		this.listeners.forEach(Runnable::run);
		long before;
		do {
			before = cpu();
			Thread.sleep(REST);
		}
		while (cpu() != before || before == begin && watches().findAny().isPresent() || !isResting());
		return before - begin;
	}

	private static Stream<ThreadInfo> watches() {
		return Stream.of(THREADS.getThreadInfo(THREADS.getAllThreadIds()))
			.filter((thread) -> thread != null && thread.getThreadName().equals("spire-connections"));
	}

	private static long cpu() {
		return watches().mapToLong((thread) -> THREADS.getThreadCpuTime(thread.getThreadId())).sum();
	}

	private static boolean isResting() {
		return watches().allMatch((thread) -> thread.getThreadState() == State.TIMED_WAITING);
	}

	private static double heap() throws InterruptedException {
		System.gc();
		// for references that are enqueued
		Thread.sleep(REST);
		System.gc();
		return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
	}

	/**
	 * What was found.
	 *
	 * @param connections how many connections were open
	 * @param looks the looks by the number of connections
	 * @param bytes by bundle, what a connection takes of the heap
	 */
	record Findings(int connections, Map<Integer, Looks> looks, double[] bytes) {

		double bytes(Bundle bundle) {
			return this.bytes[bundle.ordinal()];
		}

	}

	/**
	 * Nanoseconds of processor time of a look at all connections after the authorities
	 * have changed, and after they were read once more.
	 */
	record Looks(Sample changes, Sample refreshes) {

	}

}
