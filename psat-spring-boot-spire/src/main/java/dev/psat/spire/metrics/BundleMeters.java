package dev.psat.spire.metrics;

import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Supplier;

import dev.psat.concurrent.internal.Time;
import dev.psat.spire.SpireIdentity;
import dev.psat.spire.SpireObserver;
import dev.psat.spire.SpireState;
import dev.psat.spire.SpireStatus;
import dev.psat.spire.internal.ServedIdentity;
import dev.psat.spire.ssl.SpiffeSslBundle;
import dev.psat.spire.ssl.SvidSslBundle;
import dev.psat.spire.tls.ConnectionCounts;
import dev.psat.spire.tls.Direction;
import dev.psat.spire.tls.EndCause;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;

import org.springframework.beans.factory.DisposableBean;

/**
 * The meters of the SSL bundles exist once the identity has begun to obtain an
 * X.509-SVID, before the first handshake can succeed: with a disabled one, nobody pays
 * for TLS. An identity of the application need not tell when it begins, so it is not
 * waited for.
 */
final class BundleMeters implements MeterBinder, SpireObserver, DisposableBean {

	private final SpireIdentity identity;

	private final SpiffeSslBundle bundle;

	private final Supplier<Map<String, SvidSslBundle>> bundles;

	private final Queue<MeterRegistry> waiting = new ConcurrentLinkedQueue<>();

	private final List<Bound> bound = new CopyOnWriteArrayList<>();

	BundleMeters(SpireIdentity identity, SpiffeSslBundle bundle, Supplier<Map<String, SvidSslBundle>> bundles) {
		this.identity = identity;
		this.bundle = bundle;
		this.bundles = bundles;
		identity.addObserver(this);
	}

	@Override
	public void bindTo(MeterRegistry registry) {
		this.waiting.add(registry);
		SpireStatus status = SpireMeters.statusOf(this.identity);
		if (status == null || hasBegun(status.state())) {
			bind();
		}
	}

	@Override
	public void changed(SpireStatus previous, SpireStatus current) {
		if (hasBegun(current.state())) {
			bind();
		}
		this.bound.forEach((each) -> {
			each.authorities().look();
			each.handshakes().nameOwn(current);
		});
	}

	private void bind() {
		for (MeterRegistry registry = this.waiting.poll(); registry != null; registry = this.waiting.poll()) {
			Map<String, SvidSslBundle> bundles = this.bundles.get();
			Bound bound = new Bound(new HandshakeMeters(registry, bundles),
					new AuthorityMeters(registry, this.identity, this.bundle.peers(), Time.ofSystem()));
			// before the status is read, so that no change is missed
			this.bound.add(bound);
			bound.handshakes().bind(SpireMeters.statusOf(this.identity));
			new ConnectionMeters(registry).bind(bundles);
			bound.authorities().look();
		}
	}

	private boolean hasBegun(SpireState state) {
		return (state != SpireState.STARTING || !(this.identity instanceof ServedIdentity))
				&& state != SpireState.DISABLED;
	}

	@Override
	public void destroy() {
		// which may outlive the registry
		this.identity.removeObserver(this);
	}

	private record Bound(HandshakeMeters handshakes, AuthorityMeters authorities) {

	}

	/**
	 * Meters of open connections, and of those that were ended with the cause of their
	 * authorization. All exist from the start.
	 */
	private record ConnectionMeters(MeterRegistry registry) {

		void bind(Map<String, ? extends SvidSslBundle> bundles) {
			bundles.forEach((name, bundle) -> {
				ConnectionCounts counts = bundle.connections();
				if (bundle instanceof SpiffeSslBundle) {
					List.of(Direction.values())
						.forEach((direction) -> bind(name, counts, direction, EndCause.values()));
				}
				else {
					// an identity bundle is for clients, and authorizes nobody
					bind(name, counts, Direction.OUTBOUND, EndCause.IDENTITY);
				}
			});
		}

		private void bind(String bundle, ConnectionCounts counts, Direction direction, EndCause... causes) {
			Gauge.builder("spire.connections.open", counts, (current) -> current.open(direction))
				.tag("bundle", bundle)
				.tag("direction", HandshakeMeters.value(direction))
				.description("Connections that are open with a peer that was let in by its certificate")
				.strongReference(true)
				.register(this.registry);
			for (EndCause cause : causes) {
				FunctionCounter.builder("spire.connections.ended", counts, (current) -> current.ended(direction, cause))
					.tag("bundle", bundle)
					.tag("direction", HandshakeMeters.value(direction))
					.tag("cause", HandshakeMeters.value(cause))
					.description("Connections that were ended because the cause of their authorization had")
					.register(this.registry);
			}
		}

	}

}
