package dev.psat.spire.tomcat;

import java.nio.ByteBuffer;
import java.util.List;
import java.util.Set;

import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLException;

import dev.psat.spire.TestIdentity;
import dev.psat.spire.ssl.SpiffeSslBundle;
import dev.psat.spire.tls.PeerPolicy;
import org.apache.catalina.connector.Connector;
import org.apache.coyote.http11.AbstractHttp11Protocol;
import org.apache.tomcat.util.net.SSLContext;
import org.apache.tomcat.util.net.SSLHostConfig.CertificateVerification;
import org.apache.tomcat.util.net.SSLHostConfig;
import org.apache.tomcat.util.net.SSLHostConfigCertificate.Type;
import org.apache.tomcat.util.net.SSLHostConfigCertificate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import org.springframework.boot.ssl.SslOptions;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

/**
 * Tests for {@link SpiffeTomcatConnectorCustomizer} and {@link TomcatSslContext}.
 */
@ExtendWith(OutputCaptureExtension.class)
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

	@ParameterizedTest
	@EnumSource
	void anyVerificationIsInForceUntilItChanges(CertificateVerification verification) {
		SpiffeTomcatConnectorCustomizer customizer = new SpiffeTomcatConnectorCustomizer(this.bundle,
				Set.of("_default_"), verification);
		customizer.customize(this.connector);
		for (CertificateVerification other : CertificateVerification.values()) {
			host().setCertificateVerification(other.name());
			assertThat(customizer.isInForce(this.connector)).as("%s", other).isEqualTo(other == verification);
		}
	}

	@Test
	void protocolThatWasAddedIsNoticed() {
		add("_default_", Type.UNDEFINED).setProtocols("TLSv1.3");
		this.customizer.customize(this.connector);
		assertThat(this.customizer.isInForce(this.connector)).isTrue();
		host().setProtocols("TLSv1.2+TLSv1.3");
		assertThat(this.customizer.isInForce(this.connector)).isFalse();
		host().setProtocols("TLSv1.3");
		host().setEnabledProtocols(new String[] { "TLSv1.2", "TLSv1.3" });
		assertThat(this.customizer.isInForce(this.connector)).isFalse();
	}

	@Test
	void protocolThatWasRemovedIsNone() {
		this.customizer.customize(this.connector);
		host().setProtocols("TLSv1.3");
		host().setEnabledProtocols(new String[] { "TLSv1.3" });
		assertThat(this.customizer.isInForce(this.connector)).isTrue();
	}

	@Test
	void hostHasTheLimitsOfTheBundle() {
		SslOptions options = SslOptions.of(
				new String[] { "TLS_AES_256_GCM_SHA384", "TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384" },
				new String[] { "TLSv1.3" });
		PeerPolicy nobody = (peer) -> "is nobody";
		new SpiffeTomcatConnectorCustomizer(SpiffeSslBundle.of(() -> null, nobody, nobody, options))
			.customize(this.connector);
		assertThat(host().getProtocols()).containsExactly("TLSv1.3");
		assertThat(host().getCiphers()).isEqualTo("ECDHE-ECDSA-AES256-GCM-SHA384");
		assertThat(host().getCipherSuites()).isEqualTo("TLS_AES_256_GCM_SHA384");
	}

	@Test
	void contextOfAnotherCustomizerIsNoticed() {
		this.customizer.customize(this.connector);
		new SpiffeTomcatConnectorCustomizer(this.bundle.authorizing((peer) -> true)).customize(this.connector);
		assertThat(this.customizer.isInForce(this.connector)).isFalse();
	}

	@Test
	void engineOfAConnectorThatWasChangedHasNoKey(CapturedOutput output) {
		this.customizer.customize(this.connector);
		SSLContext context = host().getCertificates().iterator().next().getSslContext();
		SSLEngine served = context.createSSLEngine();
		assertThat(served).isNotNull();
		host().setCertificateVerification("none");
		for (int i = 0; i < 3; i++) {
			assertThatExceptionOfType(SSLException.class).isThrownBy(() -> greet(context.createSSLEngine()))
				.withMessageContaining("No available authentication scheme");
		}
		host().setCertificateVerification("required");
		context.createSSLEngine();
		host().setCertificateVerification("none");
		context.createSSLEngine();
		assertThat(output.toString().lines().filter((line) -> line.contains("It accepts no connection"))).hasSize(2);
	}

	/**
	 * Let a client greet a server.
	 */
	private static void greet(SSLEngine server) throws Exception {
		server.setUseClientMode(false);
		SSLEngine client = javax.net.ssl.SSLContext.getDefault().createSSLEngine();
		client.setUseClientMode(true);
		ByteBuffer hello = ByteBuffer.allocate(32 * 1024);
		client.wrap(ByteBuffer.allocate(0), hello);
		server.unwrap(hello.flip(), ByteBuffer.allocate(32 * 1024));
		server.getDelegatedTask().run();
		server.wrap(ByteBuffer.allocate(0), ByteBuffer.allocate(32 * 1024));
	}

	private SSLHostConfig host() {
		return this.protocol.findSslHostConfigs()[0];
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
