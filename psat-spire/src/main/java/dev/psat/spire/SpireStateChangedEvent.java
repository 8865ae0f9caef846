package dev.psat.spire;

import java.util.Objects;

import org.jspecify.annotations.Nullable;

/**
 * Application event published when the state of the identity has changed. A state that
 * lasts only for a moment can be missed.
 *
 * @since 0.1.0
 */
public sealed interface SpireStateChangedEvent {

	/**
	 * Return a builder of an event.
	 * @param previousState the state that was published last
	 * @param state the current state
	 * @return the builder
	 */
	static Builder builder(SpireState previousState, SpireState state) {
		return new Builder(previousState, state);
	}

	/** Return the state that was published last. */
	SpireState previousState();

	/** Return the current state. */
	SpireState state();

	/** Return what to do about it, {@code null} if nothing is wrong. */
	@Nullable String advice();

	/** Builder of an event. */
	final class Builder {

		private final SpireState previousState;

		private final SpireState state;

		private @Nullable String advice;

		private Builder(SpireState previousState, SpireState state) {
			this.previousState = Objects.requireNonNull(previousState, "'previousState' must not be null");
			this.state = Objects.requireNonNull(state, "'state' must not be null");
		}

		/**
		 * Return this builder after setting what to do about it, {@code null} if nothing
		 * is wrong.
		 */
		public Builder advice(@Nullable String advice) {
			this.advice = advice;
			return this;
		}

		/** Return an event of these values. */
		public SpireStateChangedEvent build() {
			return new SpireStateChangedEventRecord(this.previousState, this.state, this.advice);
		}

		private record SpireStateChangedEventRecord(SpireState previousState, SpireState state,
				@Nullable String advice) implements SpireStateChangedEvent {

		}

	}

}
