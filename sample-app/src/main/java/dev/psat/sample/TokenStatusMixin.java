package dev.psat.sample;

import java.nio.file.Path;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.psat.token.TokenStatus;
import tools.jackson.databind.annotation.JsonSerialize;
import tools.jackson.databind.ser.std.ToStringSerializer;

import org.springframework.boot.jackson.JacksonMixin;

/**
 * Omits absent values, and writes the path as text, which Jackson would write as a URI.
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
@JacksonMixin({ TokenStatus.class, TokenStatus.Token.class, TokenStatus.Watch.class })
interface TokenStatusMixin {

	@JsonSerialize(using = ToStringSerializer.class)
	Path path();

}
