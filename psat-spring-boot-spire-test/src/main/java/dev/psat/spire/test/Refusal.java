package dev.psat.spire.test;

import io.grpc.Status;
import org.jspecify.annotations.Nullable;

/**
 * A call that the simulated server has refused, by its rules or due to a fault.
 *
 * @param method the method
 * @param caller the SPIFFE ID of the client certificate, {@code null} if there is none
 * @param code the code of the status
 * @param message the message of the status, empty if there is none
 * @since 0.1.0
 * @see ServerJournal#refusals()
 */
public record Refusal(SpireMethod method, @Nullable String caller, Status.Code code, String message) {

}
