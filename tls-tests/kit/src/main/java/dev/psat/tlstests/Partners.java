package dev.psat.tlstests;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import dev.psat.spiffe.TrustBundle;
import dev.psat.spiffe.TrustDomain;
import dev.psat.spire.FederationState;
import dev.psat.spire.SpireStatus;
import dev.psat.spire.test.BundleDeletion;
import dev.psat.spire.test.FederatedBundle;
import dev.psat.spire.test.SimulatedSpireServer;
import dev.psat.spire.test.SimulatedSpireServerBuilder;
import dev.psat.spire.test.SvidMint;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Other trust domains around an application: a partner, with which it federates, one that
 * only its entry federates with, and one that only its configuration does.
 */
public final class Partners implements AutoCloseable {

	/** The partner. */
	public static final String TRUST_DOMAIN = "partner.org";

	/** A workload of the partner that lists name. */
	public static final String LISTED = "spiffe://partner.org/ns/shop/sa/bank";

	private static final String THIRD = "third.org";

	private static final String FOURTH = "fourth.org";

	private final TlsWorld world;

	private final SimulatedSpireServer partner;

	private final SimulatedSpireServer third = SimulatedSpireServer.builder().trustDomain(THIRD).build();

	private final SimulatedSpireServer fourth = SimulatedSpireServer.builder().trustDomain(FOURTH).build();

	public Partners(TlsWorld world) {
		this(world, (partner) -> {
		});
	}

	/**
	 * Create trust domains.
	 * @param world the world of the application
	 * @param special customizes the partner's server
	 */
	public Partners(TlsWorld world, Consumer<SimulatedSpireServerBuilder> special) {
		this.world = world;
		SimulatedSpireServerBuilder builder = SimulatedSpireServer.builder().trustDomain(TRUST_DOMAIN);
		special.accept(builder);
		this.partner = builder.build();
		List.of(this.partner, this.third, this.fourth).forEach(world.server().federation()::follow);
		federate(true);
	}

	/**
	 * Return the properties by which an application federates, and authorizes whom it
	 * should.
	 * @param anyClient whether every workload of the own trust domain may call it
	 * @param anyServer whether it may call every workload of the own trust domain
	 * @param more further properties
	 * @return the properties
	 */
	public static String[] properties(boolean anyClient, boolean anyServer, String... more) {
		return Stream.concat(Stream.of("spire.federates-with=partner.org,fourth.org",
				"spire.bundle.authorize-any-client=" + anyClient, "spire.bundle.authorize-any-server=" + anyServer,
				"spire.bundle.authorized-clients=" + list(anyClient),
				"spire.bundle.authorized-servers=" + list(anyServer)), Stream.of(more))
			.toArray(String[]::new);
	}

	private static String list(boolean any) {
		return Stream
			.concat(Stream.of(LISTED, "spiffe://partner.org/ns/pay/*", FederatedPeer.NOT_FEDERATED.id()),
					any ? Stream.empty() : Stream.of(TlsWorld.LISTED, "spiffe://example.org/ns/pay/*"))
			.collect(Collectors.joining(","));
	}

	/**
	 * Mint the credential of a peer, signed by the current authority.
	 * @param peer the peer
	 * @return the credential
	 */
	public Credential credential(FederatedPeer peer) {
		String ofPartner = "spiffe://" + TRUST_DOMAIN;
		SvidMint ours = this.world.server().mint();
		SvidMint theirs = this.partner.mint();
		SvidMint mint = switch (peer) {
			case LISTED, BELOW_PATH, STRANGER, NAMESAKE, SPIRE_SERVER, AGENT, RESERVED, OURS -> theirs;
			case LISTED_BELOW_INTERMEDIATE, OURS_BELOW_INTERMEDIATE -> theirs.intermediate(ofPartner);
			case LISTED_BELOW_UNNAMED_INTERMEDIATE, OURS_BELOW_UNNAMED_INTERMEDIATE -> theirs.intermediate("");
			case OURS_BELOW_IMPOSTOR -> theirs.intermediate("spiffe://example.org");
			case OWN, OWN_STRANGER, PARTNERS_BY_US -> ours;
			case NOT_CONFIGURED -> this.third.mint();
			case NOT_FEDERATED -> this.fourth.mint();
		};
		return Credential.of(mint.x509Svid(peer.id()));
	}

	/**
	 * Return the server of the partner.
	 * @return the server
	 */
	public SimulatedSpireServer partner() {
		return this.partner;
	}

	/**
	 * End the trust in the partner, and wait until the application knows.
	 * @param application the application
	 * @param end how it ends
	 */
	public void end(TlsApplication application, End end) {
		switch (end) {
			case ENTRY -> federate(false);
			case DELETED -> this.world.server().federation().delete(TRUST_DOMAIN, BundleDeletion.DISSOCIATE);
			case EMPTY -> this.world.server().federation().set(FederatedBundle.empty(TRUST_DOMAIN));
		}
		await(application, end.state);
	}

	/**
	 * Begin to trust the partner again, and wait until the application does.
	 * @param application the application
	 */
	public void begin(TlsApplication application) {
		this.world.server().federation().follow(this.partner);
		federate(true);
		await(application, FederationState.TRUSTED);
		// so it is with its JWT authorities alone, which an agent tells separately
		awaitAuthorities(application);
	}

	private void federate(boolean withPartner) {
		this.world.changeEntry((entry) -> entry
			.federatesWith(withPartner ? new String[] { TRUST_DOMAIN, THIRD } : new String[] { THIRD }));
	}

	/**
	 * Replace the authority of the partner, so that everything signed by its predecessor
	 * is no longer trusted, and wait until the application knows.
	 * @param application the application
	 */
	public void replaceAuthority(TlsApplication application) {
		this.partner.authority().prepare();
		this.partner.authority().activate();
		this.partner.authority().taint();
		this.partner.authority().revoke();
		awaitAuthorities(application);
	}

	private void awaitAuthorities(TlsApplication application) {
		TrustDomain trustDomain = TrustDomain.of(TRUST_DOMAIN);
		TrustBundle current = TrustBundle.parse(trustDomain,
				this.partner.trustBundle().toJwks().getBytes(StandardCharsets.UTF_8));
		TlsApplication.patiently()
			.untilAsserted(() -> assertThat(application.identity().trustBundle(trustDomain).x509Authorities())
				.isEqualTo(current.x509Authorities()));
	}

	private static void await(TlsApplication application, FederationState state) {
		TlsApplication.patiently()
			.untilAsserted(() -> assertThat(application.identity().status().federation())
				.filteredOn((federation) -> federation.trustDomain().name().equals(TRUST_DOMAIN))
				.extracting(SpireStatus.Federation::state)
				.containsExactly(state));
	}

	@Override
	public void close() {
		List.of(this.partner, this.third, this.fourth).forEach(SimulatedSpireServer::close);
	}

	/**
	 * How the trust in a trust domain ends.
	 */
	public enum End {

		/** The entry of the application no longer federates with it. */
		ENTRY(FederationState.NOT_FEDERATED),

		/** The SPIRE Server has no bundle of it any more. */
		DELETED(FederationState.NOT_FEDERATED),

		/** It has revoked everything. */
		EMPTY(FederationState.EMPTY);

		private final FederationState state;

		End(FederationState state) {
			this.state = state;
		}

	}

}
