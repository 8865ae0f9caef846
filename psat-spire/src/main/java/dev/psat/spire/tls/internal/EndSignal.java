package dev.psat.spire.tls.internal;

import org.jspecify.annotations.Nullable;

/**
 * Tells an {@link EndingSslEngine} that its connection has to end.
 */
final class EndSignal implements ConnectionEnd {

	private volatile @Nullable String reason;

	/**
	 * Return why the connection has to end.
	 * @return a sentence without a full stop, {@code null} if it may go on
	 */
	@Nullable String reason() {
		return this.reason;
	}

	@Override
	public boolean end(Object connection, String reason) {
		this.reason = reason;
		return true;
	}

}
