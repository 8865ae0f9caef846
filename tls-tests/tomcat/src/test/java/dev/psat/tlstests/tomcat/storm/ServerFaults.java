package dev.psat.tlstests.tomcat.storm;

import java.time.Duration;
import java.util.List;
import java.util.Random;

import dev.psat.spire.test.ReviewFault;
import dev.psat.spire.test.SimulatedSpireServer;
import dev.psat.spire.test.SpireMethod;
import io.grpc.Status;

/**
 * What goes wrong at a SPIRE Server: the way to it, its answers, its agents, its
 * authorities and its clock.
 */
final class ServerFaults {

	private static final List<Status> REFUSALS = List.of(Status.UNAVAILABLE, Status.INTERNAL, Status.UNKNOWN,
			Status.RESOURCE_EXHAUSTED, Status.DEADLINE_EXCEEDED, Status.PERMISSION_DENIED);

	private static final List<SpireMethod> CALLED = List.of(SpireMethod.ATTEST_AGENT, SpireMethod.GET_BUNDLE,
			SpireMethod.GET_FEDERATED_BUNDLE, SpireMethod.GET_AUTHORIZED_ENTRIES, SpireMethod.BATCH_NEW_X509_SVID,
			SpireMethod.NEW_JWT_SVID);

	/** A visit that goes well has called them all, so that no fault of theirs is left. */
	private static final List<SpireMethod> EACH_VISIT = List.of(SpireMethod.GET_BUNDLE,
			SpireMethod.GET_FEDERATED_BUNDLE, SpireMethod.GET_AUTHORIZED_ENTRIES, SpireMethod.BATCH_NEW_X509_SVID);

	private static final int LOST_ANSWERS = 3;

	private static final Duration BEHIND = Duration.ofSeconds(-55);

	private static final Duration AHEAD = Duration.ofSeconds(100);

	private ServerFaults() {
	}

	/**
	 * Return the faults of the server of a trust domain.
	 * @param realm the trust domain
	 * @param members its members
	 */
	static List<Fault> of(Realm realm, List<Member> members) {
		SimulatedSpireServer server = realm.server();
		String way = "way to " + realm;
		String agents = "agents of " + realm;
		String bundle = "trust bundle of " + realm;
		String file = "file of " + realm;
		return List.of(Fault.lasting("server away", way, server::stop, server::restart),
				Fault.lasting("server silent", way, server.faults()::hang, server.faults()::resume),
				Fault.sudden("GOAWAY of the server", way, server::goAway),
				new Fault("calls refused by the server", "calls of " + realm, (random) -> refuse(server, random)),
				new Fault("answers of the server lost", "calls of " + realm, (random) -> lose(server, random)),
				Fault.sudden("agents evicted", agents, () -> members.forEach(Member::evict)),
				new Fault("attestation refused by the cluster", "cluster of " + realm,
						(random) -> review(server, members, random)),
				Fault.lasting("authority rotated, and its predecessor revoked later", bundle, realm::rotate,
						realm::retire),
				Fault.sudden("authority rotated, and its predecessor revoked at once", bundle, () -> {
					realm.rotate();
					realm.retire();
				}), Fault.lasting("authority tainted, and revoked later", bundle, () -> {
					realm.rotate();
					realm.taint();
				}, realm::retire),
				Fault.lasting("empty trust bundle", bundle, () -> server.trustBundle().empty(true),
						() -> server.trustBundle().empty(false)),
				Fault.lasting("sequence number going back", bundle, () -> add(server, -1), () -> add(server, 1)),
				Fault.lasting("file with the trust bundle gone", file, realm::removeTrustBundle, realm::write),
				Fault.lasting("file with the trust bundle torn", file, realm::tearTrustBundle, realm::write),
				Fault.sudden("JWT authority rotated, and its predecessor revoked", "JWT authority of " + realm, () -> {
					server.jwtAuthority().rotate();
					server.jwtAuthority().taint();
					server.jwtAuthority().revoke();
				}), new Fault("clock of the server off", bundle, (random) -> {
					// an authority of that time would not be valid yet for too long
					realm.stepClock(random.nextBoolean() ? AHEAD : BEHIND);
					return () -> realm.stepClock(Duration.ZERO);
				}));
	}

	private static Runnable refuse(SimulatedSpireServer server, Random random) {
		SpireMethod method = CALLED.get(random.nextInt(CALLED.size()));
		server.faults().failAll(method, REFUSALS.get(random.nextInt(REFUSALS.size())).withDescription("storm"));
		return () -> server.faults().failAll(method, null);
	}

	/**
	 * The connection breaks after the call was executed.
	 */
	private static Runnable lose(SimulatedSpireServer server, Random random) {
		for (int i = 0; i < LOST_ANSWERS; i++) {
			server.faults().loseNextAnswer(EACH_VISIT.get(random.nextInt(EACH_VISIT.size())));
		}
		return () -> {
		};
	}

	private static Runnable review(SimulatedSpireServer server, List<Member> members, Random random) {
		ReviewFault[] faults = ReviewFault.values();
		server.cluster(Realm.CLUSTER).fault(faults[1 + random.nextInt(faults.length - 1)]);
		members.forEach(Member::evict);
		return () -> server.cluster(Realm.CLUSTER).fault(ReviewFault.NONE);
	}

	private static void add(SimulatedSpireServer server, long difference) {
		server.trustBundle().sequenceNumber(server.trustBundle().sequenceNumber() + difference);
	}

}
