package dev.psat.sample;

import org.jspecify.annotations.Nullable;

/**
 * A workload of another trust domain that calls the application, and tells what became of
 * it. Only simulated ones do. Of all others, the application knows whom it has let in,
 * and its log says why it has refused somebody.
 */
interface FederatedCaller {

	/**
	 * Return who calls.
	 * @return the SPIFFE ID
	 */
	String id();

	/**
	 * Return the outcome of the last call.
	 * @return the outcome, {@code null} before the first call
	 */
	@Nullable CallOutcome last();

}
