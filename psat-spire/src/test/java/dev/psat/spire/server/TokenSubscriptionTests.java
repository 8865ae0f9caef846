package dev.psat.spire.server;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;

import dev.psat.token.ProjectedToken;
import dev.psat.token.TokenListener;
import dev.psat.token.TokenSource;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests for {@link RunningIdentity.TokenSubscription}.
 */
class TokenSubscriptionTests {

	private final AtomicInteger changes = new AtomicInteger();

	private final ListedSource source = new ListedSource();

	private final RunningIdentity.TokenSubscription subscription = new RunningIdentity.TokenSubscription(this.source,
			this.changes::incrementAndGet);

	@Test
	void changeBeforeTheListenerWasAddedIsNotMissed() {
		this.subscription.begin();
		assertThat(this.changes).hasValue(1);
		assertThat(this.source.listeners).hasSize(1);
		this.subscription.end();
		assertThat(this.source.listeners).isEmpty();
	}

	@Test
	void endBeforeTheBeginningLeavesNoListener() {
		this.subscription.end();
		this.subscription.begin();
		assertThat(this.source.listeners).isEmpty();
	}

	@Test
	void listenerIsNotLeftBehindByASourceThatFailsOnceItHasIt() {
		this.source.failure = new OutOfMemoryError("on purpose");
		assertThatExceptionOfType(OutOfMemoryError.class).isThrownBy(this.subscription::begin);
		assertThat(this.source.listeners).isEmpty();
		assertThat(this.changes).hasValue(0);
	}

	/**
	 * A source that lists its listeners, and may fail after that.
	 */
	private static final class ListedSource implements TokenSource {

		private final List<TokenListener> listeners = new CopyOnWriteArrayList<>();

		private @Nullable Error failure;

		@Override
		public ProjectedToken current() {
			throw new UnsupportedOperationException();
		}

		@Override
		public void addListener(TokenListener listener) {
			this.listeners.add(listener);
			if (this.failure != null) {
				throw this.failure;
			}
		}

		@Override
		public void removeListener(TokenListener listener) {
			this.listeners.remove(listener);
		}

	}

}
