package dev.psat.spire;

import org.jspecify.annotations.Nullable;

import org.springframework.util.Assert;

/**
 * Application event published when the state of the identity has changed. A state that
 * lasts only for a moment can be missed.
 *
 * @param previousState the state that was published last
 * @param state the current state
 * @param advice what to do about it, {@code null} if nothing is wrong
 * @since 0.1.0
 */
public record SpireStateChangedEvent(SpireState previousState, SpireState state, @Nullable String advice) {

	public SpireStateChangedEvent {
		Assert.notNull(previousState, "'previousState' must not be null");
		Assert.notNull(state, "'state' must not be null");
	}

}
