package dev.psat.spire;

import java.util.Objects;

import org.jspecify.annotations.Nullable;

/**
 * Application event published when the state of the identity has changed. A state that
 * lasts only for a moment can be missed.
 *
 * @since 0.1.0
 */
public final class SpireStateChangedEvent {

	private final Values values;

	private SpireStateChangedEvent(Values values) {
		this.values = values;
	}

	/**
	 * Return a builder of an event.
	 * @param previousState the state that was published last
	 * @param state the current state
	 * @return the builder
	 */
	public static Builder builder(SpireState previousState, SpireState state) {
		return new Builder(previousState, state);
	}

	/**
	 * {@return the state that was published last}
	 */
	public SpireState previousState() {
		return this.values.previousState;
	}

	/**
	 * {@return the current state}
	 */
	public SpireState state() {
		return this.values.state;
	}

	/**
	 * {@return what to do about it, {@code null} if nothing is wrong}
	 */
	public @Nullable String advice() {
		return this.values.advice;
	}

	@Override
	public boolean equals(@Nullable Object obj) {
		return obj instanceof SpireStateChangedEvent other && this.values.equals(other.values);
	}

	@Override
	public int hashCode() {
		return this.values.hashCode();
	}

	@Override
	public String toString() {
		return this.values.toString().replaceFirst("Values", "SpireStateChangedEvent");
	}

	/**
	 * Builder of an event.
	 */
	public static final class Builder {

		private final SpireState previousState;

		private final SpireState state;

		private @Nullable String advice;

		private Builder(SpireState previousState, SpireState state) {
			Objects.requireNonNull(previousState, "'previousState' must not be null");
			Objects.requireNonNull(state, "'state' must not be null");
			this.previousState = previousState;
			this.state = state;
		}

		/**
		 * Set what to do about it.
		 * @param advice what to do about it, {@code null} if nothing is wrong
		 * @return this builder
		 */
		public Builder advice(@Nullable String advice) {
			this.advice = advice;
			return this;
		}

		/**
		 * Build an event.
		 * @return an event
		 */
		public SpireStateChangedEvent build() {
			return new SpireStateChangedEvent(new Values(this.previousState, this.state, this.advice));
		}

	}

	private record Values(SpireState previousState, SpireState state, @Nullable String advice) {

	}

}
