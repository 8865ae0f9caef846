package dev.psat.spire.autoconfigure;

import java.time.Duration;
import java.util.Map;

import dev.psat.concurrent.internal.RepeatedError;
import dev.psat.concurrent.internal.Time;
import dev.psat.spire.autoconfigure.internal.BundleServers;
import dev.psat.spire.ssl.SpiffeSslBundle;
import dev.psat.spire.ssl.SvidSslBundle;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.ssl.SslBundleRegistry;

/**
 * Notifies what was built with the SSL bundle of each new X.509-SVID and trust bundle.
 * Nothing here depends on it: the handlers are those of the application or of Spring
 * Boot, and the first that throws keeps the others from being notified.
 */
final class SslBundleUpdates {

	private static final int MOST_TRIES = 5;

	private final Map<String, ? extends SvidSslBundle> bundles;

	private final @Nullable SslBundleRegistry registry;

	private final BundleServers servers;

	private final Duration pause;

	private final Time time;

	private final RepeatedError repeatedError = new RepeatedError(SpiffeSslBundle.class,
			"An update handler of the SSL bundle failed, and those after it were not notified of the new X.509-SVID");

	SslBundleUpdates(Map<String, ? extends SvidSslBundle> bundles, @Nullable SslBundleRegistry registry,
			BundleServers servers) {
		this(bundles, registry, servers, Duration.ofSeconds(1), Time.ofSystem());
	}

	SslBundleUpdates(Map<String, ? extends SvidSslBundle> bundles, @Nullable SslBundleRegistry registry,
			BundleServers servers, Duration pause, Time time) {
		this.bundles = bundles;
		this.registry = registry;
		this.servers = servers;
		this.pause = pause;
		this.time = time;
	}

	void update() {
		if (this.registry != null) {
			update(this.registry);
		}
		this.servers.check();
	}

	private void update(SslBundleRegistry registry) {
		Throwable failure = null;
		for (Map.Entry<String, ? extends SvidSslBundle> bundle : this.bundles.entrySet()) {
			try {
				update(registry, bundle.getKey(), bundle.getValue());
			}
			catch (Throwable ex) {
				if (failure == null) {
					failure = ex;
				}
				else {
					failure.addSuppressed(ex);
				}
			}
		}
		if (failure != null) {
			this.repeatedError.happened(failure);
		}
		else {
			this.repeatedError.over();
		}
	}

	/**
	 * If there is no memory or thread, the others must not be left with an X.509-SVID
	 * that expires before the next one arrives.
	 */
	private void update(SslBundleRegistry registry, String name, SvidSslBundle bundle) {
		for (int tries = 1;; tries++) {
			try {
				registry.updateBundle(name, bundle);
				return;
			}
			catch (VirtualMachineError ex) {
				if (tries == MOST_TRIES || !isPassed(this.pause.multipliedBy(1L << (tries - 1)))) {
					throw ex;
				}
			}
		}
	}

	private boolean isPassed(Duration time) {
		try {
			this.time.sleep(time.toNanos());
			return true;
		}
		catch (InterruptedException ex) {
			// the identity is being closed
			Thread.currentThread().interrupt();
			return false;
		}
	}

}
