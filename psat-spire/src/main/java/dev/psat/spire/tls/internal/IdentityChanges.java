package dev.psat.spire.tls.internal;

import java.lang.ref.WeakReference;

import dev.psat.spire.tls.TlsIdentity;
import org.jspecify.annotations.Nullable;

/**
 * Whether an identity tells of changes. It is asked until it has answered, since it may
 * not exist yet, and never again, since it may have added the listener all the same.
 */
final class IdentityChanges {

	private final TlsIdentity identity;

	private @Nullable Boolean told;

	IdentityChanges(TlsIdentity identity) {
		this.identity = identity;
	}

	/**
	 * Have open connections looked at whenever the identity changes. The identity does
	 * not keep them.
	 * @param connections the open connections
	 * @return whether they will be
	 */
	boolean areTold(OpenConnections connections) {
		if (this.told == null) {
			try {
				this.told = this.identity.onChange(listener(new WeakReference<>(connections)));
			}
			// there is no identity yet, or no memory for the listener
			catch (Throwable ex) {
				return false;
			}
		}
		return this.told;
	}

	private static Runnable listener(WeakReference<OpenConnections> reference) {
		return () -> {
			OpenConnections connections = reference.get();
			if (connections != null) {
				connections.look();
			}
		};
	}

}
