package dev.psat.spire;

import org.jspecify.annotations.Nullable;

/**
 * Application event: the state of the identity is another one. A state that lasts for a
 * moment alone can be missed.
 *
 * @param previous the state that was told last
 * @param current the state now
 * @param advice what to do about it, {@code null} if nothing is wrong
 * @since 0.1.0
 */
public record SpireStateChangedEvent(SpireState previous, SpireState current, @Nullable String advice) {

}
