package dev.psat.sample;

import java.util.List;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import dev.psat.token.TokenClaims;

import org.springframework.boot.jackson.JacksonMixin;

/**
 * Names the claims, like those of the status.
 */
@JsonPropertyOrder({ "issuer", "subject", "audiences", "id", "namespace", "serviceAccount", "pod", "node" })
@JacksonMixin(TokenClaims.class)
interface TokenClaimsMixin {

	@JsonProperty
	String issuer();

	@JsonProperty
	String subject();

	@JsonProperty
	List<String> audiences();

	@JsonProperty
	String id();

	@JsonProperty
	String namespace();

	@JsonProperty
	TokenClaims.Reference serviceAccount();

	@JsonProperty
	TokenClaims.Reference pod();

	@JsonProperty
	TokenClaims.Reference node();

}
