package dev.psat.spire.tomcat;

import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

import dev.psat.spire.ssl.SpiffeSslBundle;
import org.apache.catalina.connector.Connector;
import org.apache.coyote.http11.AbstractHttp11Protocol;
import org.apache.tomcat.util.net.SSLHostConfig;
import org.apache.tomcat.util.net.SSLHostConfig.CertificateVerification;
import org.apache.tomcat.util.net.SSLHostConfigCertificate;
import org.apache.tomcat.util.net.SSLHostConfigCertificate.Type;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.ssl.SslOptions;
import org.springframework.boot.tomcat.TomcatConnectorCustomizer;
import org.springframework.util.Assert;

/**
 * {@link TomcatConnectorCustomizer} that makes a connector serve a
 * {@link SpiffeSslBundle}: clients need a certificate, and the bundle authorizes each
 * connection anew. Requires Tomcat.
 * <p>
 * Not needed where {@code server.ssl.bundle} names the bundle. Use it for additional
 * connectors, which Spring Boot does not configure:
 *
 * <pre class="code">
 * Connector connector = new Connector();
 * connector.setPort(8443);
 * new SpiffeTomcatConnectorCustomizer(bundle).customize(connector);
 * factory.addAdditionalConnectors(connector);
 * </pre>
 *
 * @since 0.1.0
 */
public final class SpiffeTomcatConnectorCustomizer implements TomcatConnectorCustomizer {

	private final SpiffeSslBundle bundle;

	private final @Nullable Set<String> hostNames;

	private final CertificateVerification verification;

	/**
	 * Create a customizer for all host names of a connector.
	 * @param bundle the bundle
	 */
	public SpiffeTomcatConnectorCustomizer(SpiffeSslBundle bundle) {
		Assert.notNull(bundle, "'bundle' must not be null");
		this.bundle = bundle;
		this.hostNames = null;
		this.verification = CertificateVerification.REQUIRED;
	}

	/**
	 * Create a customizer for some host names of a connector.
	 * @param bundle the bundle
	 * @param hostNames the host names that clients send in SNI
	 */
	public SpiffeTomcatConnectorCustomizer(SpiffeSslBundle bundle, Collection<String> hostNames) {
		this(bundle, hostNames, CertificateVerification.REQUIRED);
	}

	/**
	 * Create a customizer for some host names of a connector.
	 * @param bundle the bundle
	 * @param hostNames the host names that clients send in SNI
	 * @param verification whether clients need a certificate, which is what identifies
	 * them
	 */
	public SpiffeTomcatConnectorCustomizer(SpiffeSslBundle bundle, Collection<String> hostNames,
			CertificateVerification verification) {
		Assert.notNull(bundle, "'bundle' must not be null");
		Assert.notNull(hostNames, "'hostNames' must not be null");
		Assert.notNull(verification, "'verification' must not be null");
		this.bundle = bundle;
		this.hostNames = Set.copyOf(hostNames);
		this.verification = verification;
	}

	/**
	 * Customize a connector to serve the bundle.
	 * @param connector the connector, which must not have been started yet
	 * @throws IllegalStateException if the connector does not speak HTTP/1.1 or HTTP/2
	 */
	@Override
	public void customize(Connector connector) {
		Assert.notNull(connector, "'connector' must not be null");
		AbstractHttp11Protocol<?> protocol = protocol(connector);
		protocol.setSSLEnabled(true);
		connector.setScheme("https");
		connector.setSecure(true);
		for (String hostName : hostNames(protocol)) {
			SSLHostConfig host = host(protocol, hostName);
			host.setCertificateVerification(this.verification.name());
			limit(host, this.bundle.tlsOptions());
			TomcatSslContext context = new TomcatSslContext(this, connector, Set.copyOf(host.getProtocols()));
			certificates(host).forEach((certificate) -> certificate.setSslContext(context));
		}
		TomcatRetirement.on(connector, this.bundle);
	}

	/** Tomcat prefers the settings of a host to those of an engine. */
	private static void limit(SSLHostConfig host, SslOptions options) {
		String[] protocols = options.getEnabledProtocols();
		if (protocols != null) {
			host.setProtocols(String.join("+", protocols));
		}
		String[] ciphers = options.getCiphers();
		if (ciphers != null) {
			host.setCiphers(ciphers(ciphers, false));
			host.setCipherSuites(ciphers(ciphers, true));
		}
	}

	/** Tomcat keeps those of TLS 1.3 apart, which do not name a key exchange. */
	private static String ciphers(String[] ciphers, boolean tls13) {
		return Arrays.stream(ciphers)
			.filter((cipher) -> cipher.contains("_WITH_") != tls13)
			.collect(Collectors.joining(":"));
	}

	/**
	 * Return whether a connector still serves the bundle as customized: nothing has
	 * replaced the bundle, added a protocol, or changed whether clients need a
	 * certificate. Otherwise the context accepts no connection.
	 * @param connector the connector
	 * @return whether it does
	 */
	public boolean isInForce(Connector connector) {
		Assert.notNull(connector, "'connector' must not be null");
		AbstractHttp11Protocol<?> protocol = protocol(connector);
		return hostNames(protocol).stream()
			.allMatch((hostName) -> Arrays.stream(protocol.findSslHostConfigs())
				.filter((host) -> isNamed(host, hostName))
				.anyMatch(this::isInForce));
	}

	private boolean isInForce(SSLHostConfig host) {
		Set<SSLHostConfigCertificate> certificates = host.getCertificates();
		return host.getCertificateVerification() == this.verification && !certificates.isEmpty()
				&& certificates.stream().allMatch((certificate) -> isInForce(certificate, host));
	}

	private boolean isInForce(SSLHostConfigCertificate certificate, SSLHostConfig host) {
		return certificate.getSslContext() instanceof TomcatSslContext context && context.customizer() == this
				&& context.protocols().containsAll(host.getProtocols())
				&& context.protocols().containsAll(enabledProtocols(host));
	}

	/** There are none before the connector starts. */
	private static List<String> enabledProtocols(SSLHostConfig host) {
		String[] protocols = host.getEnabledProtocols();
		return (protocols != null) ? List.of(protocols) : List.of();
	}

	SpiffeSslBundle bundle() {
		return this.bundle;
	}

	private Set<String> hostNames(AbstractHttp11Protocol<?> protocol) {
		if (this.hostNames != null) {
			return this.hostNames;
		}
		Set<String> all = new LinkedHashSet<>();
		all.add(protocol.getDefaultSSLHostConfigName());
		Arrays.stream(protocol.findSslHostConfigs()).map(SSLHostConfig::getHostName).forEach(all::add);
		return all;
	}

	private static AbstractHttp11Protocol<?> protocol(Connector connector) {
		Assert.state(connector.getProtocolHandler() instanceof AbstractHttp11Protocol,
				"To serve an SSL bundle, the connector must speak HTTP");
		return (AbstractHttp11Protocol<?>) connector.getProtocolHandler();
	}

	private static SSLHostConfig host(AbstractHttp11Protocol<?> protocol, String hostName) {
		return Arrays.stream(protocol.findSslHostConfigs())
			.filter((host) -> isNamed(host, hostName))
			.findFirst()
			.orElseGet(() -> add(protocol, hostName));
	}

	private static boolean isNamed(SSLHostConfig host, String hostName) {
		return hostName.equalsIgnoreCase(host.getHostName());
	}

	private static SSLHostConfig add(AbstractHttp11Protocol<?> protocol, String hostName) {
		SSLHostConfig host = new SSLHostConfig();
		host.setHostName(hostName);
		protocol.addSslHostConfig(host);
		return host;
	}

	private static Set<SSLHostConfigCertificate> certificates(SSLHostConfig host) {
		if (host.getCertificates().isEmpty()) {
			host.addCertificate(new SSLHostConfigCertificate(host, Type.UNDEFINED));
		}
		return host.getCertificates();
	}

}
