package dev.psat.spire.client;

import java.util.Objects;

/**
 * A property that a workload or an agent must have for a registration entry to apply.
 *
 * @param type the type, such as {@code k8s}
 * @param value the value, such as {@code ns:shop}
 * @since 0.1.0
 */
public record Selector(String type, String value) {

	public Selector {
		Objects.requireNonNull(type, "'type' must not be null");
		Objects.requireNonNull(value, "'value' must not be null");
	}

	/** Return type and value, as SPIRE writes them, such as {@code k8s:ns:shop}. */
	@Override
	public String toString() {
		return this.type + ":" + this.value;
	}

}
