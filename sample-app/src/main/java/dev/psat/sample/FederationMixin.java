package dev.psat.sample;

import java.time.Instant;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import dev.psat.spiffe.TrustDomain;
import dev.psat.spire.FederationState;
import dev.psat.spire.SpireStatus;
import tools.jackson.databind.annotation.JsonSerialize;
import tools.jackson.databind.ser.std.ToStringSerializer;

import org.springframework.boot.jackson.JacksonMixin;

/**
 * Names the values of a federated trust domain, like those of the status.
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
@JsonPropertyOrder({ "trustDomain", "state", "x509AuthorityCount", "jwtAuthorityCount", "refreshedAt", "generation",
		"lastError" })
@JacksonMixin(SpireStatus.Federation.class)
interface FederationMixin {

	@JsonProperty
	@JsonSerialize(using = ToStringSerializer.class)
	TrustDomain trustDomain();

	@JsonProperty
	FederationState state();

	@JsonProperty
	int x509AuthorityCount();

	@JsonProperty
	int jwtAuthorityCount();

	@JsonProperty
	Instant refreshedAt();

	@JsonProperty
	long generation();

	@JsonProperty
	SpireStatus.LastError lastError();

}
