package dev.psat.spire;

import java.util.Set;

import org.apache.catalina.connector.Connector;
import org.apache.coyote.http11.AbstractHttp11Protocol;
import org.apache.tomcat.util.net.SSLHostConfig;
import org.apache.tomcat.util.net.SSLHostConfig.CertificateVerification;
import org.apache.tomcat.util.net.SSLHostConfigCertificate;
import org.apache.tomcat.util.net.SSLHostConfigCertificate.Type;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

/**
 * Tests for {@link SpiffeTomcatConnectorCustomizer}.
 */
class SpiffeTomcatConnectorCustomizerTests {

	private final Connector connector = new Connector();

	private final AbstractHttp11Protocol<?> protocol = (AbstractHttp11Protocol<?>) this.connector.getProtocolHandler();

	private final SpiffeSslBundle bundle = SpiffeSslBundle.of(new TestIdentity());

	private final SpiffeTomcatConnectorCustomizer customizer = new SpiffeTomcatConnectorCustomizer(this.bundle);

	@Test
	void connectorWithoutTlsServesTheBundleAndNeedsCertificates() {
		this.customizer.customize(this.connector);
		assertThat(this.protocol.isSSLEnabled()).isTrue();
		assertThat(this.connector.getScheme()).isEqualTo("https");
		assertThat(this.connector.getSecure()).isTrue();
		assertThat(this.protocol.findSslHostConfigs()).singleElement().satisfies(this::servesTheBundle);
		assertThat(this.customizer.isInForce(this.connector)).isTrue();
	}

	@Test
	void everyHostAndCertificateOfTheConnectorServesTheBundle() {
		add("_default_", Type.EC, Type.RSA);
		add("old.example", Type.UNDEFINED);
		this.customizer.customize(this.connector);
		assertThat(this.protocol.findSslHostConfigs()).hasSize(2).allSatisfy(this::servesTheBundle);
		assertThat(this.customizer.isInForce(this.connector)).isTrue();
	}

	@Test
	void hostThatIsNamedAloneServesTheBundle() {
		SSLHostConfig old = add("old.example", Type.UNDEFINED);
		SpiffeTomcatConnectorCustomizer named = new SpiffeTomcatConnectorCustomizer(this.bundle,
				Set.of("orders.example"));
		named.customize(this.connector);
		assertThat(old.getCertificates()).extracting(SSLHostConfigCertificate::getSslContext).containsOnlyNulls();
		assertThat(named.isInForce(this.connector)).isTrue();
		assertThat(this.customizer.isInForce(this.connector)).isFalse();
	}

	@Test
	void hostThatWasAddedIsNoticed() {
		this.customizer.customize(this.connector);
		add("another.example", Type.UNDEFINED);
		assertThat(this.customizer.isInForce(this.connector)).isFalse();
	}

	@Test
	void hostThatWasReplacedIsNoticed() {
		this.customizer.customize(this.connector);
		SSLHostConfig empty = new SSLHostConfig();
		empty.setHostName("_default_");
		this.protocol.addSslHostConfig(empty, true);
		assertThat(this.customizer.isInForce(this.connector)).isFalse();
	}

	@Test
	void connectorOfAnotherProtocolIsRefused() {
		assertThatIllegalStateException().isThrownBy(() -> this.customizer.customize(new Connector("AJP/1.3")));
	}

	private SSLHostConfig add(String name, Type... types) {
		SSLHostConfig host = new SSLHostConfig();
		host.setHostName(name);
		for (Type type : types) {
			host.addCertificate(new SSLHostConfigCertificate(host, type));
		}
		this.protocol.addSslHostConfig(host);
		return host;
	}

	private void servesTheBundle(SSLHostConfig host) {
		assertThat(host.getCertificateVerification()).isEqualTo(CertificateVerification.REQUIRED);
		assertThat(host.getCertificates()).isNotEmpty()
			.allSatisfy((certificate) -> assertThat(certificate.getSslContext()).isInstanceOf(TomcatSslContext.class));
	}

}
