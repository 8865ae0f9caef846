package dev.psat.sample;

import java.math.BigInteger;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.psat.spiffe.SpiffeId;
import dev.psat.spiffe.TrustDomain;
import dev.psat.spire.SpireStatus;
import tools.jackson.databind.annotation.JsonSerialize;
import tools.jackson.databind.ser.std.ToStringSerializer;

import org.springframework.boot.jackson.JacksonMixin;

/**
 * Omits absent values, and writes IDs as text. Serial numbers are also text, since they
 * are too large for JavaScript numbers.
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
@JacksonMixin({ SpireStatus.class, SpireStatus.Svid.class, SpireStatus.Bundle.class, SpireStatus.Federation.class })
interface SpireStatusMixin {

	@JsonSerialize(using = ToStringSerializer.class)
	TrustDomain trustDomain();

	@JsonSerialize(using = ToStringSerializer.class)
	SpiffeId agentId();

	@JsonSerialize(using = ToStringSerializer.class)
	SpiffeId id();

	@JsonSerialize(using = ToStringSerializer.class)
	BigInteger serialNumber();

}
