package dev.psat.actuate.endpoint;

import com.fasterxml.jackson.annotation.JsonAutoDetect;
import com.fasterxml.jackson.annotation.JsonAutoDetect.Visibility;
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
@JsonAutoDetect(fieldVisibility = Visibility.NONE, getterVisibility = Visibility.PUBLIC_ONLY,
		isGetterVisibility = Visibility.PUBLIC_ONLY)
@JsonInclude(JsonInclude.Include.NON_EMPTY)
@JsonPropertyOrder({ "token", "source" })
public final class PsatSourceDescriptor implements OperationResponseBody {

	private final Values values;

	private PsatSourceDescriptor(Values values) {
		this.values = values;
	}

	static PsatSourceDescriptor of(TokenStatus status) {
		return new PsatSourceDescriptor(new Values(PsatDescriptor.Token.of(status), PsatDescriptor.Source.of(status)));
	}

	/**
	 * {@return the token in memory}
	 */
	public PsatDescriptor.Token getToken() {
		return this.values.token;
	}

	/**
	 * {@return where tokens come from}
	 */
	public PsatDescriptor.@Nullable Source getSource() {
		return this.values.source;
	}

	@Override
	public boolean equals(@Nullable Object obj) {
		return obj instanceof PsatSourceDescriptor other && this.values.equals(other.values);
	}

	@Override
	public int hashCode() {
		return this.values.hashCode();
	}

	@Override
	public String toString() {
		return this.values.toString().replaceFirst("Values", "PsatSourceDescriptor");
	}

	private record Values(PsatDescriptor.Token token, PsatDescriptor.@Nullable Source source) {

	}

}
