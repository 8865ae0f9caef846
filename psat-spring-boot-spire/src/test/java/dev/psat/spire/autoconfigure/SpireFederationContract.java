package dev.psat.spire.autoconfigure;

import java.io.IOException;
import java.net.Socket;
import java.security.KeyPair;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLSocket;

import dev.psat.spiffe.JwtAuthority;
import dev.psat.spiffe.TrustBundle;
import dev.psat.spiffe.TrustDomain;
import dev.psat.spiffe.X509Svid;
import dev.psat.spire.FederationState;
import dev.psat.spire.client.KeyType;
import dev.psat.spire.client.ServerAddress;
import dev.psat.spire.client.SpireClient;
import dev.psat.spire.ssl.SpiffeSslBundle;
import dev.psat.spire.test.SimulatedSpireServer;
import dev.psat.spire.test.SimulatedX509Svid;
import dev.psat.spire.tls.internal.EngineHandshake;
import dev.psat.support.Patience;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import org.springframework.security.oauth2.jwt.BadJwtException;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * The contract of two applications, each with a SPIRE Server of its own, whose entries
 * federate with each other. The first one attests four times and the other one twice, so
 * the order matters.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
abstract class SpireFederationContract {

	/** A server attests for one address once a second. */
	private static final Duration PAUSE = Duration.ofMillis(1100);

	/** With whom both configure to federate, but neither entry does. */
	private static final TrustDomain STRANGERS = TrustDomain.of("strangers.test");

	private final Map<Side, FederatedApplication> applications = new HashMap<>();

	/**
	 * Return the properties of an application that the server of a side attests in a
	 * cluster whose agents have the IDs of their pods.
	 */
	abstract Map<String, Object> properties(Side side) throws IOException;

	/**
	 * Return the SPIFFE ID that the application of a side is to obtain.
	 */
	abstract String spiffeId(Side side);

	/**
	 * Return how long to wait from one attestation to the next.
	 */
	Duration pause() {
		return PAUSE;
	}

	@BeforeAll
	void start() throws Exception {
		for (Side side : Side.values()) {
			start(side, federating(side, spiffeId(side.other())));
		}
	}

	@AfterAll
	void close() {
		this.applications.values().forEach(FederatedApplication::close);
	}

	@ParameterizedTest
	@EnumSource
	@Order(1)
	void trustBundleOfTheOtherIsTheOneThatItHas(Side side) {
		TrustBundle bundle = application(side).identity().trustBundle(trustDomain(side.other()));
		TrustBundle own = application(side.other()).identity().trustBundle();
		assertThat(application(side).state(trustDomain(side.other()))).isEqualTo(FederationState.TRUSTED);
		assertThat(bundle.trustDomain()).isEqualTo(own.trustDomain());
		assertThat(bundle.x509Authorities()).containsExactlyInAnyOrderElementsOf(own.x509Authorities());
		assertThat(bundle.jwtAuthorities()).extracting(JwtAuthority::keyId)
			.containsExactlyInAnyOrderElementsOf(own.jwtAuthorities().stream().map(JwtAuthority::keyId).toList());
	}

	@ParameterizedTest
	@EnumSource
	@Order(2)
	void listedWorkloadOfTheOtherGetsInAndOut(Side server) throws Exception {
		EngineHandshake handshake = handshake(application(server.other()).tls(), application(server).tls());
		assertThat(handshake.client().getSession().getPeerCertificates()[0])
			.isEqualTo(application(server).identity().x509Svid().leaf());
	}

	@ParameterizedTest
	@EnumSource
	@Order(2)
	void workloadThatAPolicyNamesGetsInAndOut(Side server) throws Exception {
		TrustDomain other = trustDomain(server.other());
		SpiffeSslBundle policy = application(server).bundle()
			.authorizing(other, (peer) -> peer.toString().equals(spiffeId(server.other())));
		handshake(application(server.other()).tls(), policy.createSslContext());
		SpiffeSslBundle nobody = application(server).bundle().authorizing(other, (peer) -> false);
		assertRefused(application(server.other()).tls(), nobody.createSslContext(), "is not authorized by");
		SpiffeSslBundle ours = application(server).bundle().authorizing((peer) -> true);
		assertRefused(application(server.other()).tls(), ours.createSslContext(), spiffeId(server.other()));
		assertRefused(ours.createSslContext(), application(server.other()).tls(), spiffeId(server.other()));
	}

	@ParameterizedTest
	@EnumSource
	@Order(3)
	void jwtSvidOfTheOtherIsAcceptedWhereItsTrustDomainIsNamed(Side side) {
		FederatedApplication other = application(side.other());
		assertThat(application(side).caller(other, trustDomain(side.other()))).isEqualTo(spiffeId(side.other()));
		assertThatExceptionOfType(BadJwtException.class).isThrownBy(() -> application(side).caller(other));
	}

	@ParameterizedTest
	@EnumSource
	@Order(4)
	void serverOfEitherIsNoWorkload(Side side) throws IOException {
		for (Side server : Side.values()) {
			SSLContext anybody = application(side).bundle()
				.authorizing(trustDomain(server), (peer) -> true)
				.createSslContext();
			assertRefused(() -> connect(anybody, ServerAddress.parse(property(server, "server.address"))),
					"spiffe://%s/spire/server".formatted(trustDomain(server)));
		}
	}

	@ParameterizedTest
	@EnumSource
	@Order(5)
	void workloadIsRefusedWithWhoseTrustDomainTheEntryDoesNotFederate(Side side) throws Exception {
		assertThat(application(side).state(STRANGERS)).isEqualTo(FederationState.NOT_FEDERATED);
		try (SimulatedSpireServer strangers = SimulatedSpireServer.builder().trustDomain(STRANGERS.name()).build()) {
			SimulatedX509Svid stranger = strangers.mintX509Svid("spiffe://%s/listed".formatted(STRANGERS));
			SSLContext peer = application(side).peer(stranger.chain(), stranger.privateKey());
			String reason = "does not federate with '%s'".formatted(STRANGERS);
			assertRefused(peer, application(side).tls(), reason);
			assertRefused(application(side).tls(), peer, reason);
		}
	}

	@Test
	@Order(6)
	void workloadIsRefusedThatIsNotListedEvenIfAnyOfTheOwnIsAuthorized() throws Exception {
		Map<String, Object> properties = federating(Side.OURS, spiffeId(Side.PARTNER) + "/other");
		properties.put("spire.bundle.authorize-any-client", true);
		properties.put("spire.bundle.authorize-any-server", true);
		start(Side.OURS, properties);
		assertThat(application(Side.OURS).state(trustDomain(Side.PARTNER))).isEqualTo(FederationState.TRUSTED);
		assertPartnerIsRefused(spiffeId(Side.PARTNER));
	}

	@Test
	@Order(7)
	void workloadIsRefusedWithWhoseTrustDomainTheConfigurationDoesNotFederate() throws Exception {
		Map<String, Object> properties = new HashMap<>(properties(Side.OURS));
		properties.put("spire.bundle.authorize-any-client", true);
		properties.put("spire.bundle.authorize-any-server", true);
		start(Side.OURS, properties);
		assertThat(application(Side.OURS).identity().status().federation()).isEmpty();
		assertPartnerIsRefused("does not federate with '%s'".formatted(trustDomain(Side.PARTNER)));
		assertThatExceptionOfType(BadJwtException.class)
			.isThrownBy(() -> application(Side.OURS).caller(application(Side.PARTNER), trustDomain(Side.PARTNER)));
	}

	/**
	 * Evicts the application, whose agent is of the same pod.
	 */
	@Test
	@Order(8)
	void agentOfTheOtherIsNoWorkload() throws Exception {
		start(Side.OURS, federating(Side.OURS, spiffeId(Side.PARTNER)));
		FederatedApplication partner = application(Side.PARTNER);
		KeyPair key = KeyType.EC_P256.generate();
		TrustBundle trusted = partner.identity().trustBundle();
		X509Svid agent;
		try (SpireClient client = SpireClient
			.builder(ServerAddress.parse(property(Side.PARTNER, "server.address")), trustDomain(Side.PARTNER),
					() -> trusted)
			.build()) {
			agent = client.attest("k8s_psat", partner.attestation(), key);
		}
		assertThat(agent.chainsToUntainted(application(Side.OURS).identity().trustBundle(trustDomain(Side.PARTNER)),
				Instant.now()))
			.isTrue();
		SSLContext peer = application(Side.OURS).peer(agent.chain(), key.getPrivate());
		SSLContext anybody = application(Side.OURS).bundle()
			.authorizing(trustDomain(Side.PARTNER), (id) -> true)
			.createSslContext();
		for (SSLContext ours : List.of(application(Side.OURS).tls(), anybody)) {
			assertRefused(peer, ours, agent.spiffeId().toString());
			assertRefused(ours, peer, agent.spiffeId().toString());
		}
	}

	private void assertPartnerIsRefused(String reason) {
		SSLContext ours = application(Side.OURS).tls();
		SSLContext partner = application(Side.PARTNER).tls();
		assertRefused(partner, ours, reason);
		assertRefused(ours, partner, reason);
	}

	private static void assertRefused(SSLContext client, SSLContext server, String reason) {
		assertRefused(() -> handshake(client, server), reason);
	}

	private static void assertRefused(ThrowingCallable handshake, String reason) {
		assertThatExceptionOfType(SSLException.class).isThrownBy(handshake)
			.havingRootCause()
			.withMessageContaining(reason);
	}

	private static EngineHandshake handshake(SSLContext client, SSLContext server) throws SSLException {
		return EngineHandshake.begin(client, server, "TLSv1.3").end();
	}

	private static void connect(SSLContext tls, ServerAddress address) throws IOException {
		try (Socket socket = tls.getSocketFactory().createSocket(address.host(), address.port())) {
			socket.setSoTimeout(Patience.MILLIS);
			((SSLSocket) socket).startHandshake();
		}
	}

	private Map<String, Object> federating(Side side, String peer) throws IOException {
		Map<String, Object> properties = new HashMap<>(properties(side));
		List<String> peers = List.of(peer, "spiffe://%s/listed".formatted(STRANGERS));
		properties.put("spire.federates-with", List.of(trustDomain(side.other()).name(), STRANGERS.name()));
		properties.put("spire.bundle.authorized-clients", peers);
		properties.put("spire.bundle.authorized-servers", peers);
		return properties;
	}

	private void start(Side side, Map<String, Object> properties) throws InterruptedException {
		FederatedApplication before = this.applications.remove(side);
		if (before != null) {
			before.close();
			TimeUnit.MILLISECONDS.sleep(pause().toMillis());
		}
		this.applications.put(side, FederatedApplication.start(properties));
	}

	private FederatedApplication application(Side side) {
		FederatedApplication application = this.applications.get(side);
		assertThat(application).as("The application of " + side).isNotNull();
		return application;
	}

	private TrustDomain trustDomain(Side side) {
		return TrustDomain.of(property(side, "server.trust-domain"));
	}

	private String property(Side side, String name) {
		try {
			return String.valueOf(properties(side).get("spire." + name));
		}
		catch (IOException ex) {
			throw new IllegalStateException(ex);
		}
	}

	enum Side {

		OURS, PARTNER;

		Side other() {
			return (this == OURS) ? PARTNER : OURS;
		}

	}

}
