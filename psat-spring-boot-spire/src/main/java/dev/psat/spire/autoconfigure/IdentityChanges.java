package dev.psat.spire.autoconfigure;

import org.jspecify.annotations.Nullable;

import org.springframework.util.ClassUtils;

import dev.psat.spire.SpireObserver;
import dev.psat.spire.SpireStatus;

/**
 * What follows from a change of the identity, in this order: the SSL bundle is updated,
 * and events are published.
 *
 * @param updates updates the SSL bundle
 * @param publisher publishes events
 * @param classLoader what handlers and listeners find as the context class loader: the
 * thread is none of the application's, and would have another
 */
record IdentityChanges(SslBundleUpdates updates, SpireEventPublisher publisher,
		@Nullable ClassLoader classLoader) implements SpireObserver {

	@Override
	public void changed(SpireStatus previous, SpireStatus current) {
		ClassLoader before = ClassUtils.overrideThreadContextClassLoader(this.classLoader);
		try {
			if (generation(previous) != generation(current)) {
				this.updates.update();
			}
			this.publisher.publish(previous, current);
		}
		finally {
			ClassUtils.overrideThreadContextClassLoader(before);
		}
	}

	private static long generation(SpireStatus status) {
		SpireStatus.Svid svid = status.svid();
		return (svid != null) ? svid.generation() : 0;
	}

}
