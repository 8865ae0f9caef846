package dev.psat.actuate.endpoint;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import dev.psat.token.TokenStatus;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.actuate.endpoint.OperationResponseBody;

/**
 * Description of one token source, as shown by {@link PsatEndpoint}. Absent values are
 * omitted.
 *
 * @param token the token in memory
 * @param source where tokens come from
 * @since 0.1.0
 */
@JsonInclude(JsonInclude.Include.NON_EMPTY)
@JsonPropertyOrder({ "token", "source" })
public record PsatSourceDescriptor(PsatDescriptor.Token token,
		PsatDescriptor.@Nullable Source source) implements OperationResponseBody {

	static PsatSourceDescriptor of(TokenStatus status) {
		return new PsatSourceDescriptor(PsatDescriptor.Token.of(status), PsatDescriptor.Source.of(status));
	}

}
