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
 * @since 0.1.0
 */
@JsonInclude(JsonInclude.Include.NON_EMPTY)
@JsonPropertyOrder({ "token", "source" })
public final class PsatSourceDescriptor implements OperationResponseBody {

	private final PsatDescriptor.Token token;

	private final PsatDescriptor.@Nullable Source source;

	PsatSourceDescriptor(TokenStatus status) {
		this.token = new PsatDescriptor.Token(status);
		this.source = PsatDescriptor.Source.of(status);
	}

	public PsatDescriptor.Token getToken() {
		return this.token;
	}

	public PsatDescriptor.@Nullable Source getSource() {
		return this.source;
	}

}
