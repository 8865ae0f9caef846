package dev.psat.sample;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import dev.psat.token.TokenClaims;
import dev.psat.token.TokenStatus;
import dev.psat.token.WatchMode;
import tools.jackson.databind.annotation.JsonSerialize;
import tools.jackson.databind.ser.std.ToStringSerializer;

import org.springframework.boot.jackson.JacksonMixin;

/**
 * Names the values of the status' parts, and writes the path as text, which Jackson would
 * write as a URI.
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
@JsonPropertyOrder({ "generation", "fingerprint", "issuedAt", "expiresAt", "expiresIn", "rotationDueAt", "claims",
		"path", "mode", "rotations", "lastRotatedAt", "lastCheckedAt", "rejectedReads", "missedEvents" })
@JacksonMixin({ TokenStatus.Token.class, TokenStatus.Watch.class })
interface TokenStatusPartMixin {

	@JsonProperty
	long generation();

	@JsonProperty
	String fingerprint();

	@JsonProperty
	Instant issuedAt();

	@JsonProperty
	Instant expiresAt();

	@JsonProperty
	Duration expiresIn();

	@JsonProperty
	Instant rotationDueAt();

	@JsonProperty
	TokenClaims claims();

	@JsonProperty
	@JsonSerialize(using = ToStringSerializer.class)
	Path path();

	@JsonProperty
	WatchMode mode();

	@JsonProperty
	long rotations();

	@JsonProperty
	Instant lastRotatedAt();

	@JsonProperty
	Instant lastCheckedAt();

	@JsonProperty
	long rejectedReads();

	@JsonProperty
	long missedEvents();

}
