package dev.psat.tlstests.tomcat.storm;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

import dev.psat.spiffe.SpiffeId;
import dev.psat.spiffe.TrustDomain;
import dev.psat.spire.test.SimulatedWorkloadApi;
import dev.psat.support.soak.Violations;
import dev.psat.test.SimulatedKubelet;
import dev.psat.tlstests.CachedCertificates;
import org.jspecify.annotations.Nullable;

/**
 * Two trust domains that federate, and three applications: one in a pod of each, which
 * attests by itself, and one beside an agent. Each has another HTTP client.
 */
final class World implements AutoCloseable {

	/** Longer than it takes to end a connection, on a machine that is busy. */
	static final Duration GRACE = Duration.ofSeconds(5);

	private static final SpiffeId ORDERS = SpiffeId.parse("spiffe://example.org/ns/shop/sa/orders");

	private static final SpiffeId STOCK = SpiffeId.parse("spiffe://example.org/ns/shop/sa/stock");

	private static final SpiffeId BANK = SpiffeId.parse("spiffe://partner.org/ns/pay/sa/bank");

	private final Violations violations;

	private final Map<SpiffeId, SimulatedKubelet> kubelets;

	private final Realm example;

	private final Realm partner;

	private final SimulatedWorkloadApi agent;

	private final List<Member> members = new ArrayList<>();

	/**
	 * Start everything.
	 * @param directory for files
	 * @param violations is told of what must not happen
	 */
	World(Path directory, Violations violations) {
		this.violations = violations;
		this.kubelets = Map.of(ORDERS, kubelet(directory, "shop", "orders"), BANK, kubelet(directory, "pay", "bank"));
		this.example = new Realm(List.of(ORDERS, STOCK), directory, kubelet(ORDERS));
		this.partner = new Realm(List.of(BANK), directory, kubelet(BANK));
		CachedCertificates.fill(this.example.server());
		follow();
		this.agent = SimulatedWorkloadApi.builder()
			.server(this.example.server())
			.socket(directory.resolve("agent.sock"))
			.build();
		add(ORDERS, "http-components", this.example, this.partner);
		add(STOCK, "jdk", this.example, this.partner);
		add(BANK, "simple", this.partner, this.example);
	}

	private static SimulatedKubelet kubelet(Path directory, String namespace, String serviceAccount) {
		return SimulatedKubelet.builder()
			.directory(directory.resolve(serviceAccount))
			.serviceAccount(namespace, serviceAccount)
			.pod(serviceAccount + "-0")
			.rotateOnSchedule()
			.build();
	}

	private SimulatedKubelet kubelet(SpiffeId id) {
		SimulatedKubelet kubelet = this.kubelets.get(id);
		if (kubelet == null) {
			throw new IllegalArgumentException(id + " has no token");
		}
		return kubelet;
	}

	private void add(SpiffeId id, String client, Realm realm, Realm other) {
		Map<String, Object> properties = new HashMap<>(
				Map.of("spring.http.clients.imperative.factory", client, "spire.federates-with", other.name()));
		Registration registration;
		if (this.kubelets.containsKey(id)) {
			SimulatedKubelet kubelet = kubelet(id);
			registration = new Registration(realm, other.name(), () -> realm.server().register(kubelet, Realm.CLUSTER));
			properties.putAll(
					Map.of("spire.psat.cluster", Realm.CLUSTER, "spire.psat.token-path", kubelet.tokenPath().toString(),
							"spire.server.address", realm.server().address(), "spire.server.trust-domain", realm.name(),
							"spire.server.trust-bundle", realm.trustBundle().toString()));
		}
		else {
			registration = new Registration(realm, other.name(),
					() -> realm.server().entries().create(this.agent.agentId(), id.toString()));
			properties.put("spire.workload-api.socket", this.agent.address());
		}
		List<SpiffeId> others = Stream.of(ORDERS, STOCK, BANK).filter((guest) -> !guest.equals(id)).toList();
		Guests guests = new Guests(others, Set.of(TrustDomain.of(other.name())), GRACE);
		this.members.add(new Member(id, realm, registration, guests, properties, this.violations));
	}

	private void follow() {
		this.example.server().federation().follow(this.partner.server());
		this.partner.server().federation().follow(this.example.server());
	}

	List<Member> members() {
		return this.members;
	}

	/**
	 * Return the trust domain of a SPIFFE ID.
	 */
	Realm realmOf(SpiffeId id) {
		return id.trustDomain().name().equals(this.example.name()) ? this.example : this.partner;
	}

	/**
	 * Return the other trust domain.
	 */
	Realm partnerOf(Realm realm) {
		return (realm == this.example) ? this.partner : this.example;
	}

	/**
	 * Return all that can go wrong, always in the same order.
	 */
	List<Fault> faults() {
		List<Fault> faults = new ArrayList<>(AgentFaults.of(this.agent));
		faults.add(Fault.sudden("heap collected", "heap", System::gc));
		for (Realm realm : List.of(this.example, this.partner)) {
			faults.addAll(
					ServerFaults.of(realm, this.members.stream().filter((member) -> member.realm() == realm).toList()));
			faults.addAll(FederationFaults.of(realm, partnerOf(realm)));
		}
		for (Member member : this.members) {
			faults.addAll(MemberFaults.of(member));
			SimulatedKubelet kubelet = this.kubelets.get(member.id());
			if (kubelet != null) {
				faults.addAll(PodFaults.of(kubelet, member));
			}
		}
		return faults;
	}

	/**
	 * Mend everything that faults may have left behind once they are over, and let every
	 * member need another SVID.
	 */
	void mend() {
		this.example.mend();
		this.partner.mend();
		follow();
		this.members.forEach((member) -> {
			member.registration().restore();
			member.registration().renew();
		});
	}

	/**
	 * Return what is not well yet with a member.
	 * @param member the member
	 * @param generation the generation of the SVID that it had when all was mended
	 * @return what is not well, {@code null} if nothing is
	 */
	@Nullable String complaint(Member member, long generation) {
		return new Health(member, partnerOf(member.realm())).complaint(generation);
	}

	/**
	 * End all connections to the servers. How many of them are open is chance.
	 */
	void endConnections() {
		List.of(this.example, this.partner).forEach(Realm::endConnections);
	}

	@Override
	public void close() {
		this.members.forEach(Member::close);
		this.agent.close();
		this.example.close();
		this.partner.close();
		this.kubelets.values().forEach(SimulatedKubelet::close);
	}

}
