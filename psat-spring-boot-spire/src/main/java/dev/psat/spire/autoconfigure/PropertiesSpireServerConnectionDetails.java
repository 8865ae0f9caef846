package dev.psat.spire.autoconfigure;

import java.nio.file.Path;

import dev.psat.autoconfigure.PathProperty;
import dev.psat.autoconfigure.PsatStartupException;
import dev.psat.spiffe.TrustDomain;
import dev.psat.spire.client.ServerAddress;
import org.jspecify.annotations.Nullable;

import org.springframework.util.StringUtils;

/**
 * {@link SpireServerConnectionDetails} of the properties, which are checked when somebody
 * asks.
 */
final class PropertiesSpireServerConnectionDetails implements SpireServerConnectionDetails {

	private static final String WAYS_OUT = """
			Tell the application of its SPIRE Server, for example

			    spire:
			      server:
			        address: spire-server.spire:8081
			        trust-domain: example.org
			        trust-bundle: /run/spire/bundle/bundle.crt

			In a test, add dev.psat:psat-spring-boot-spire-test and, to the test class, \
			@Import(SimulatedSpireServerConfiguration.class), which sets all three. \
			To do without an identity, set 'spire.server.enabled' to 'false'.%s""";

	private final SpireProperties.Server properties;

	private final @Nullable String otherwise;

	/**
	 * Create details.
	 * @param properties the properties
	 * @param otherwise what to do where the address is missing, besides setting it,
	 * {@code null} if there is nothing to say
	 */
	PropertiesSpireServerConnectionDetails(SpireProperties properties, @Nullable String otherwise) {
		this.properties = properties.getServer();
		this.otherwise = otherwise;
	}

	/**
	 * Return the address.
	 * @throws PsatStartupException if it is missing or invalid
	 */
	@Override
	public ServerAddress getAddress() {
		return SpirePropertyRules.parse("server.address",
				required("server.address", this.properties.getAddress(), "where to attest", this.otherwise),
				ServerAddress::parse,
				"Set it to the host and port of the SPIRE Server's API, such as 'spire-server.spire:8081'.");
	}

	/**
	 * Return the trust domain.
	 * @throws PsatStartupException if it is missing or invalid
	 */
	@Override
	public TrustDomain getTrustDomain() {
		return trustDomain(
				required("server.trust-domain", this.properties.getTrustDomain(), "which SPIRE Server to trust", null));
	}

	/**
	 * Return the path of the trust bundle.
	 * @throws PsatStartupException if it is missing or invalid
	 */
	@Override
	public Path getTrustBundle() {
		return PathProperty.parse(
				"server.trust-bundle", required("server.trust-bundle", this.properties.getTrustBundle(),
						"how to verify the SPIRE Server", null),
				"Set it to the path of the SPIRE Server's trust bundle in the container.");
	}

	/**
	 * Check the property that names the trust domain.
	 * @param trustDomain the value, which is set
	 * @return the trust domain
	 * @throws PsatStartupException if it is invalid
	 */
	static TrustDomain trustDomain(String trustDomain) {
		return SpirePropertyRules.parse("server.trust-domain", trustDomain, TrustDomain::of,
				"Set it to the 'trust_domain' of the SPIRE Server, such as 'example.org'.");
	}

	private static String required(String name, @Nullable String value, String reason, @Nullable String otherwise) {
		if (!StringUtils.hasText(value)) {
			throw PsatStartupException.ofProperty(name, value,
					"It is required: the application has to know %s.".formatted(reason),
					WAYS_OUT.formatted((otherwise != null) ? "\n\n" + otherwise : ""));
		}
		return value;
	}

}
