package dev.psat.spire.client;

/**
 * A property that a workload or an agent must have for a registration entry to apply.
 *
 * @param type the type, such as {@code k8s}
 * @param value the value, such as {@code ns:shop}
 * @since 0.1.0
 */
public record Selector(String type, String value) {

	/**
	 * Return the selector as SPIRE writes it.
	 * @return type and value, such as {@code k8s:ns:shop}
	 */
	@Override
	public String toString() {
		return this.type + ":" + this.value;
	}

}
