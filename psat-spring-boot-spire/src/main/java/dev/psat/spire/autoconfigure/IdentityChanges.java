package dev.psat.spire.autoconfigure;

import org.jspecify.annotations.Nullable;

import org.springframework.util.ClassUtils;

import dev.psat.spire.SpireObserver;
import dev.psat.spire.SpireStatus;

/**
 * Reacts to changes of the identity: first updates the SSL bundle, then publishes events.
 *
 * @param updates updates the SSL bundle
 * @param publisher publishes events
 * @param classLoader the context class loader for handlers and listeners, since the
 * thread does not belong to the application and would have a different one
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
