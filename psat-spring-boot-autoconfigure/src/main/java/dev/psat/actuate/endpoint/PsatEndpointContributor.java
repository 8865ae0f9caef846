package dev.psat.actuate.endpoint;

import org.jspecify.annotations.Nullable;

/**
 * Adds a part to what {@link PsatEndpoint} shows. Declare it as a bean. It is not asked
 * where attestation is disabled.
 *
 * @since 0.1.0
 */
public interface PsatEndpointContributor {

	/**
	 * Return the name of the part: a member of the document that nobody else has.
	 * @return the name
	 */
	String name();

	/**
	 * Return the part as it is now. It is written as JSON, so a native image needs
	 * reflection hints for its type, which whoever contributes it registers. It must
	 * neither wait nor hold anything secret. If this throws an exception, the part is
	 * left out, and one warning names the type of the exception, until there is a part
	 * again.
	 * @return the part, or {@code null} to leave it out
	 */
	@Nullable Object contribute();

}
