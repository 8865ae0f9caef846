package dev.psat.sample;

import java.time.Instant;
import java.util.Objects;
import java.util.function.Supplier;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.psat.sample.CallerController.Caller;
import dev.psat.spire.SvidUnavailableException;
import org.jspecify.annotations.Nullable;

import org.springframework.web.client.RestClientException;

/**
 * The outcome of a call to somebody who says whom they have seen.
 *
 * @param at when it ended
 * @param peer the caller that was let in
 * @param failure why none was let in
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
record CallOutcome(Instant at, @Nullable Caller peer, @Nullable String failure) {

	static final String NONE_YET = "No call has been made yet";

	static CallOutcome of(Supplier<Caller> call) {
		try {
			Caller peer = call.get();
			return new CallOutcome(Instant.now(), peer, null);
		}
		catch (SvidUnavailableException | RestClientException ex) {
			Throwable cause = Objects.requireNonNullElse(ex.getCause(), ex);
			return failed(Objects.requireNonNullElseGet(cause.getMessage(), cause::toString));
		}
	}

	static CallOutcome failed(String reason) {
		return new CallOutcome(Instant.now(), null, reason);
	}

}
