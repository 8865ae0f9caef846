package dev.psat.spire.autoconfigure;

import dev.psat.spire.SpireObserver;
import dev.psat.spire.SpireStateChangedEvent;
import dev.psat.spire.SpireStatus;
import dev.psat.spire.SvidRotatedEvent;
import dev.psat.spire.TrustBundleChangedEvent;
import org.jspecify.annotations.Nullable;

import org.springframework.context.ApplicationEventPublisher;
import org.springframework.util.ClassUtils;

/**
 * First updates the SSL bundle, then publishes events, with the context class loader of
 * the application, to which the thread does not belong.
 */
record IdentityChanges(SslBundleUpdates updates, Events events,
		@Nullable ClassLoader classLoader) implements SpireObserver {

	@Override
	public void changed(SpireStatus previous, SpireStatus current) {
		ClassLoader before = ClassUtils.overrideThreadContextClassLoader(this.classLoader);
		try {
			if (isOtherBundle(previous, current)) {
				this.updates.update();
			}
			this.events.publish(previous, current);
		}
		finally {
			ClassUtils.overrideThreadContextClassLoader(before);
		}
	}

	/** Without an X.509-SVID, there is nothing to update the SSL bundle to. */
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

	record Events(ApplicationEventPublisher publisher) {

		void publish(SpireStatus previous, SpireStatus current) {
			try {
				publishTrust(previous.trustBundle(), current.trustBundle());
			}
			finally {
				publishIdentity(previous, current);
			}
		}

		private void publishIdentity(SpireStatus previous, SpireStatus current) {
			try {
				publishRotation(previous.svid(), current.svid());
			}
			finally {
				publishStateChange(previous, current);
			}
		}

		private void publishTrust(SpireStatus.@Nullable Bundle previous, SpireStatus.@Nullable Bundle current) {
			if (current != null && isChanged(previous, current)) {
				this.publisher.publishEvent(TrustBundleChangedEvent.builder(current.authorities())
					.sequenceNumber(current.sequenceNumber())
					.build());
			}
		}

		/** A bean may have copied other authorities before the application started. */
		private static boolean isChanged(SpireStatus.@Nullable Bundle previous, SpireStatus.Bundle current) {
			return (previous != null) ? previous.generation() != current.generation() : current.generation() > 1;
		}

		private void publishRotation(SpireStatus.@Nullable Svid previous, SpireStatus.@Nullable Svid current) {
			if (current != null && isRotated(previous, current)) {
				this.publisher.publishEvent(
						SvidRotatedEvent.builder(current.id(), current.serialNumber(), current.expiresAt()).build());
			}
		}

		/** There may have been none in between, as after an agent has withdrawn it. */
		private static boolean isRotated(SpireStatus.@Nullable Svid previous, SpireStatus.Svid current) {
			return (previous != null) ? !current.serialNumber().equals(previous.serialNumber())
					: current.generation() > 1;
		}

		private void publishStateChange(SpireStatus previous, SpireStatus current) {
			if (current.state() != previous.state()) {
				SpireStatus.LastError lastError = current.lastError();
				this.publisher.publishEvent(SpireStateChangedEvent.builder(previous.state(), current.state())
					.advice((lastError != null) ? lastError.advice() : null)
					.build());
			}
		}

	}

}
