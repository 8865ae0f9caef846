package dev.psat.spire.autoconfigure;

import dev.psat.spire.SpireObserver;
import dev.psat.spire.SpireStatus;
import org.jspecify.annotations.Nullable;

import org.springframework.util.ClassUtils;

/**
 * Reacts to changes of the identity: first updates the SSL bundle, then publishes events.
 * Handlers and listeners get the context class loader of the application, to which the
 * thread does not belong.
 */
record IdentityChanges(SslBundleUpdates updates, SpireEventPublisher publisher,
		@Nullable ClassLoader classLoader) implements SpireObserver {

	@Override
	public void changed(SpireStatus previous, SpireStatus current) {
		ClassLoader before = ClassUtils.overrideThreadContextClassLoader(this.classLoader);
		try {
			if (isOtherBundle(previous, current)) {
				this.updates.update();
			}
			this.publisher.publish(previous, current);
		}
		finally {
			ClassUtils.overrideThreadContextClassLoader(before);
		}
	}

	/**
	 * Without an X.509-SVID, there is nothing to update the SSL bundle to.
	 */
	private static boolean isOtherBundle(SpireStatus previous, SpireStatus current) {
		return current.svid() != null && (generation(previous.svid()) != generation(current.svid())
				|| generation(previous.trustBundle()) != generation(current.trustBundle()));
	}

	private static long generation(SpireStatus.@Nullable Svid svid) {
		return (svid != null) ? svid.generation() : 0;
	}

	private static long generation(SpireStatus.@Nullable Bundle trustBundle) {
		return (trustBundle != null) ? trustBundle.generation() : 0;
	}

}
