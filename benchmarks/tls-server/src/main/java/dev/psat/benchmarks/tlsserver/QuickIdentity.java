package dev.psat.benchmarks.tlsserver;

import java.nio.file.Path;
import java.time.Duration;

import dev.psat.PsatAttestor;
import dev.psat.spiffe.TrustDomain;
import dev.psat.spire.SpireIdentity;
import dev.psat.spire.client.ServerAddress;
import dev.psat.spire.server.SpireServerIdentity;
import dev.psat.token.TokenSource;

import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.Environment;

/**
 * Takes the place of the identity where SVIDs are to be replaced in quick succession: it
 * visits the SPIRE Server more often than an application should.
 */
@Configuration(proxyBeanMethods = false)
@ConditionalOnBooleanProperty(QuickIdentity.PROPERTY)
public class QuickIdentity {

	/** The property that asks for it. */
	public static final String PROPERTY = "benchmark.quick-identity";

	private static final Duration REFRESH_INTERVAL = Duration.ofMillis(50);

	@Bean
	SpireIdentity frequentVisitor(PsatAttestor attestor, TokenSource tokenSource, Environment environment) {
		return SpireServerIdentity.builder(attestor)
			.tokenSource(tokenSource)
			.server(ServerAddress.parse(environment.getRequiredProperty("spire.server.address")))
			.trustDomain(TrustDomain.of(environment.getRequiredProperty("spire.server.trust-domain")))
			.trustBundle(Path.of(environment.getRequiredProperty("spire.server.trust-bundle")))
			.refreshInterval(REFRESH_INTERVAL)
			.build();
	}

}
