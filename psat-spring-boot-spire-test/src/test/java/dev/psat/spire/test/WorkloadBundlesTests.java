package dev.psat.spire.test;

import java.io.ByteArrayInputStream;
import java.security.cert.Certificate;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.Base64;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;

import com.google.protobuf.ByteString;
import dev.psat.spire.test.WorkloadTestClient.Stream;
import dev.psat.spire.test.proto.WorkloadProto.X509BundlesResponse;
import dev.psat.spire.test.proto.WorkloadProto.X509SVID;
import dev.psat.spire.test.proto.WorkloadProto.X509SVIDResponse;
import dev.psat.support.MutableClock;
import io.grpc.Status;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Tests for what {@link SimulatedWorkloadApi} makes of the authorities of its server and
 * of those of others.
 */
class WorkloadBundlesTests {

	private static final String ORDERS = "spiffe://example.org/ns/shop/sa/orders";

	private final MutableClock clock = new MutableClock();

	@AutoClose
	private final SimulatedSpireServer partner = SimulatedSpireServer.builder().trustDomain("partner.org").build();

	@AutoClose
	private final SimulatedSpireServer server = SimulatedSpireServer.builder()
		.clock(this.clock)
		.entryCacheReload(Duration.ZERO)
		.build();

	@AutoClose
	private final SimulatedWorkloadApi api = SimulatedWorkloadApi.builder().server(this.server).entry(ORDERS).build();

	@AutoClose
	private final WorkloadTestClient client = WorkloadTestClient.of(this.api);

	@Test
	void svidIsRenewedAfterHalfOfItsLife() {
		Stream<X509SVIDResponse> stream = this.client.x509Svids();
		ByteString first = stream.next().getSvids(0).getX509Svid();
		this.clock.advance(Duration.ofMinutes(29));
		this.api.sync();
		assertThat(stream.isQuiet()).isTrue();
		this.clock.advance(Duration.ofMinutes(2));
		assertThat(stream.next().getSvids(0).getX509Svid()).isNotEqualTo(first);
	}

	@Test
	void authorityIsRotated() throws Exception {
		Stream<X509SVIDResponse> stream = this.client.x509Svids();
		X509SVID first = stream.next().getSvids(0);
		assertThat(authorities(first)).isOne();
		this.server.authority().prepare();
		X509SVID prepared = stream.next().getSvids(0);
		assertThat(authorities(prepared)).isEqualTo(2);
		assertThat(prepared.getX509Svid()).isEqualTo(first.getX509Svid());
		this.server.authority().activate();
		this.server.authority().taint();
		assertThat(stream.next().getSvids(0)).isEqualTo(prepared);
		X509SVID renewed = stream.next().getSvids(0);
		assertThat(authorities(renewed)).isEqualTo(2);
		assertThat(renewed.getX509Svid()).isNotEqualTo(first.getX509Svid());
		this.server.authority().revoke();
		X509SVID revoked = stream.next().getSvids(0);
		assertThat(authorities(revoked)).isOne();
		assertThat(revoked.getX509Svid()).isEqualTo(renewed.getX509Svid());
		Certificates.parse(new ByteArrayInputStream(revoked.getX509Svid().toByteArray()))
			.verify(Certificates.parse(new ByteArrayInputStream(revoked.getBundle().toByteArray())).getPublicKey());
	}

	@Test
	void chainHasIntermediateOfUpstream() {
		try (SimulatedSpireServer below = SimulatedSpireServer.builder().upstreamAuthority().build();
				SimulatedWorkloadApi other = SimulatedWorkloadApi.builder().server(below).entry(ORDERS).build();
				WorkloadTestClient otherClient = WorkloadTestClient.of(other)) {
			assertThat(certificates(otherClient.x509Svids().next().getSvids(0).getX509Svid())).hasSize(2);
		}
	}

	@Test
	void agentThatHasLostItsServerHasNothingToTell() {
		Stream<X509SVIDResponse> stream = this.client.x509Svids();
		X509SVID first = stream.next().getSvids(0);
		this.server.stop();
		this.clock.advance(Duration.ofMinutes(50));
		await().during(Duration.ofMillis(300)).until(stream::isQuiet);
		assertThat(this.client.x509Svids().next().getSvids(0)).isEqualTo(first);
		this.server.restart();
		assertThat(stream.next().getSvids(0).getX509Svid()).isNotEqualTo(first.getX509Svid());
	}

	@Test
	void bundlesAreSentWhenTheyChange() {
		Stream<X509BundlesResponse> stream = this.client.x509Bundles();
		Map<String, ByteString> first = stream.next().getBundlesMap();
		assertThat(first).containsOnlyKeys("spiffe://example.org");
		assertThat(first.get("spiffe://example.org")).isEqualTo(this.client.x509Svids().next().getSvids(0).getBundle());
		this.api.rotate();
		assertThat(stream.isQuiet()).isTrue();
		this.server.authority().prepare();
		assertThat(certificates(stream.next().getBundlesOrThrow("spiffe://example.org"))).hasSize(2);
	}

	@Test
	void trustDomainsWithWhichEntriesFederateAreTold() {
		Stream<X509SVIDResponse> svids = this.client.x509Svids();
		assertThat(svids.next().getFederatedBundlesMap()).isEmpty();
		this.server.federateWith(this.partner);
		X509SVIDResponse federated = awaitFederated(svids, Set.of("spiffe://partner.org"));
		assertThat(certificates(federated.getFederatedBundlesOrThrow("spiffe://partner.org"))).hasSize(1);
		assertThat(this.client.x509Bundles().next().getBundlesMap()).containsOnlyKeys("spiffe://example.org",
				"spiffe://partner.org");
		assertThat(this.client.jwtBundles().next().getBundlesMap()).containsOnlyKeys("spiffe://example.org",
				"spiffe://partner.org");
		this.partner.authority().prepare();
		await().until(() -> certificates(svids.next().getFederatedBundlesOrThrow("spiffe://partner.org")).size() == 2);
		this.server.federation().delete("partner.org", BundleDeletion.DISSOCIATE);
		awaitFederated(svids, Set.of());
	}

	@Test
	void bundleOfPartnerMayBeEmptyOrUnreadable() {
		this.server.federateWith(this.partner);
		this.server.federation().set(FederatedBundle.empty("partner.org"));
		this.server.federation().unfollow("partner.org");
		this.api.sync();
		assertThat(this.client.x509Svids().next().getFederatedBundlesOrThrow("spiffe://partner.org")).isEmpty();
		this.server.federation().set(FederatedBundle.empty("partner.org").withX509Authority("junk".getBytes()));
		this.api.sync();
		assertThat(this.client.x509Svids().next().getFederatedBundlesOrThrow("spiffe://partner.org"))
			.isEqualTo(ByteString.copyFromUtf8("junk"));
	}

	@Test
	void bundleOfPartnerStaysWhileServerFails() {
		this.server.federateWith(this.partner);
		this.api.sync();
		this.server.faults().federatedBundle("partner.org").fail(Status.UNAVAILABLE);
		this.api.sync();
		assertThat(this.client.x509Svids().next().getFederatedBundlesMap()).containsOnlyKeys("spiffe://partner.org");
	}

	@Test
	void serverOfOthersIsNotClosed() {
		this.api.close();
		assertThat(this.server.isRunning()).isTrue();
	}

	private static X509SVIDResponse awaitFederated(Stream<X509SVIDResponse> stream, Set<String> trustDomains) {
		return await().until(stream::next, (message) -> message.getFederatedBundlesMap().keySet().equals(trustDomains));
	}

	private static int authorities(X509SVID svid) {
		return certificates(svid.getBundle()).size();
	}

	private static List<String> certificates(ByteString concatenated) {
		try {
			Collection<? extends Certificate> certificates = CertificateFactory.getInstance("X.509")
				.generateCertificates(new ByteArrayInputStream(concatenated.toByteArray()));
			return certificates.stream()
				.map((certificate) -> Base64.getEncoder()
					.encodeToString(Certificates.encoded((X509Certificate) certificate)))
				.toList();
		}
		catch (CertificateException ex) {
			throw new IllegalArgumentException(ex);
		}
	}

}
