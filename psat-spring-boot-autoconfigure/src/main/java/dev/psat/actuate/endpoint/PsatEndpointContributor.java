package dev.psat.actuate.endpoint;

import org.jspecify.annotations.Nullable;

/**
 * Contributes a part to the document that {@link PsatEndpoint} returns. Declare it as a
 * bean. It is not called if attestation is disabled.
 *
 * @since 0.1.0
 */
public interface PsatEndpointContributor {

	/**
	 * Return the name of the part, which is a unique member of the document.
	 * @return the name
	 */
	String name();

	/**
	 * Return the part as it is now. It is serialized to JSON, so a native image needs
	 * reflection hints for its type, which the contributor must register. This method
	 * must not block, and the part must not contain secrets. If it throws an exception,
	 * the part is omitted and the type of the exception is logged once, until a call
	 * succeeds again.
	 * @return the part, or {@code null} to omit it
	 */
	@Nullable Object contribute();

}
