package dev.psat.sample;

import java.math.BigInteger;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import dev.psat.spiffe.SpiffeId;
import dev.psat.spiffe.TrustDomain;
import dev.psat.spire.SpireState;
import dev.psat.spire.SpireStatus;
import tools.jackson.databind.annotation.JsonSerialize;
import tools.jackson.databind.ser.std.ToStringSerializer;

import org.springframework.boot.jackson.JacksonMixin;

/**
 * Names the values of the status, which Jackson does not recognize: they are not called
 * like those of a bean. Omits absent ones, and writes IDs as text. Serial numbers are
 * also text, since they are too large for JavaScript numbers.
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
@JsonPropertyOrder({ "state", "server", "workloadApi", "trustDomain", "agentId", "agentExpiresAt", "candidates", "svid",
		"trustBundle", "federation", "clockSkew", "lastError", "id", "serialNumber", "authorities", "sequenceNumber",
		"refreshedAt", "generation", "issuedAt", "expiresAt", "renewalDueAt", "reason", "at", "message", "advice" })
@JacksonMixin({ SpireStatus.class, SpireStatus.Svid.class, SpireStatus.Bundle.class, SpireStatus.LastError.class })
interface SpireStatusMixin {

	@JsonProperty
	SpireState state();

	@JsonProperty
	String server();

	@JsonProperty
	String workloadApi();

	@JsonProperty
	@JsonSerialize(using = ToStringSerializer.class)
	TrustDomain trustDomain();

	@JsonProperty
	@JsonSerialize(using = ToStringSerializer.class)
	SpiffeId agentId();

	@JsonProperty
	Instant agentExpiresAt();

	@JsonProperty
	Integer candidates();

	@JsonProperty
	SpireStatus.Svid svid();

	@JsonProperty
	SpireStatus.Bundle trustBundle();

	@JsonProperty
	List<SpireStatus.Federation> federation();

	@JsonProperty
	Duration clockSkew();

	@JsonProperty
	SpireStatus.LastError lastError();

	@JsonProperty
	@JsonSerialize(using = ToStringSerializer.class)
	SpiffeId id();

	@JsonProperty
	@JsonSerialize(using = ToStringSerializer.class)
	BigInteger serialNumber();

	@JsonProperty
	int authorities();

	@JsonProperty
	Long sequenceNumber();

	@JsonProperty
	Instant refreshedAt();

	@JsonProperty
	long generation();

	@JsonProperty
	Instant issuedAt();

	@JsonProperty
	Instant expiresAt();

	@JsonProperty
	Instant renewalDueAt();

	@JsonProperty
	String reason();

	@JsonProperty
	Instant at();

	@JsonProperty
	String message();

	@JsonProperty
	String advice();

}
