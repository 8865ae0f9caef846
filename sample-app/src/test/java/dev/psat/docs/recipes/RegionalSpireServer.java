package dev.psat.docs.recipes;

import java.nio.file.Path;

// tag::details[]
import dev.psat.spiffe.TrustDomain;
import dev.psat.spire.autoconfigure.SpireServerConnectionDetails;
import dev.psat.spire.client.ServerAddress;
// end::details[]

import org.springframework.beans.factory.annotation.Value;
import org.springframework.stereotype.Component;

// tag::details[]
@Component
record RegionalSpireServer(@Value("${region}") String region) implements SpireServerConnectionDetails {

	@Override
	public ServerAddress getAddress() {
		return ServerAddress.parse("spire-server.%s.internal:8081".formatted(this.region));
	}

	@Override
	public TrustDomain getTrustDomain() {
		return TrustDomain.of("%s.example.org".formatted(this.region));
	}

	@Override
	public Path getTrustBundle() {
		return Path.of("/run/spire/bundle/bundle.crt");
	}

}
// end::details[]
