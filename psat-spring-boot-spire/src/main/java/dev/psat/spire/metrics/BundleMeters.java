package dev.psat.spire.metrics;

import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Supplier;

import dev.psat.spire.SpireIdentity;
import dev.psat.spire.SpireObserver;
import dev.psat.spire.SpireState;
import dev.psat.spire.SpireStatus;
import dev.psat.spire.internal.ServedIdentity;
import dev.psat.spire.ssl.SpiffeSslBundle;
import dev.psat.spire.ssl.SvidSslBundle;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;
import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.DisposableBean;

/**
 * {@link MeterBinder} for the SSL bundles. Their meters exist as soon as the identity has
 * begun to obtain an X.509-SVID, which is before the first handshake can succeed: an
 * application whose identity is disabled pays for no TLS. An identity of the application
 * need not tell when it begins, so it is not waited for.
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
		SpireStatus status = status();
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
			each.handshakes().nameOwn(current);
			each.authorities().look();
		});
	}

	private void bind() {
		for (MeterRegistry registry = this.waiting.poll(); registry != null; registry = this.waiting.poll()) {
			Map<String, SvidSslBundle> bundles = this.bundles.get();
			Bound bound = new Bound(new HandshakeMeters(registry, bundles),
					new AuthorityMeters(registry, this.identity, this.bundle.peers()));
			// before the status is read, so that no change is missed
			this.bound.add(bound);
			bound.handshakes().bind(status());
			new ConnectionMeters(registry).bind(bundles);
			bound.authorities().look();
		}
	}

	/**
	 * An identity of the application that cannot tell its status stops no start.
	 */
	private @Nullable SpireStatus status() {
		try {
			return this.identity.status();
		}
		catch (RuntimeException ex) {
			return null;
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

}
