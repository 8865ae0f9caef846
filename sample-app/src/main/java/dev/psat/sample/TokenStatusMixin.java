package dev.psat.sample;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import dev.psat.token.SourceState;
import dev.psat.token.TokenState;
import dev.psat.token.TokenStatus;

import org.springframework.boot.jackson.JacksonMixin;

/**
 * Names the values of the status, which Jackson does not recognize: they are not called
 * like those of a bean. Omits absent ones.
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
@JsonPropertyOrder({ "tokenState", "sourceState", "token", "watch", "message", "advice" })
@JacksonMixin(TokenStatus.class)
interface TokenStatusMixin {

	@JsonProperty
	TokenState tokenState();

	@JsonProperty
	SourceState sourceState();

	@JsonProperty
	TokenStatus.Token token();

	@JsonProperty
	TokenStatus.Watch watch();

	@JsonProperty
	String message();

	@JsonProperty
	String advice();

}
