package dev.psat.tlstests.tomcat.storm;

import java.util.List;

import dev.psat.spire.test.BundleDeletion;
import dev.psat.spire.test.FederatedBundle;
import dev.psat.spire.test.FederatedBundleFaults;
import dev.psat.spire.test.SimulatedFederation;
import io.grpc.Status;

/**
 * What goes wrong between two trust domains.
 */
final class FederationFaults {

	private static final String NO_KEYS = "{\"keys\":[]}";

	private FederationFaults() {
	}

	/**
	 * Return the faults of the federation of one trust domain with another one.
	 * @param realm the trust domain whose members trust less then
	 * @param partner the other one
	 */
	static List<Fault> of(Realm realm, Realm partner) {
		SimulatedFederation federation = realm.server().federation();
		FederatedBundleFaults answers = realm.server().faults().federatedBundle(partner.name());
		String place = "federation of " + realm;
		String calls = "calls of " + realm + " for " + partner;
		Runnable follow = () -> federation.follow(partner.server());
		return List.of(
				Fault.lasting("bundle endpoint unreachable", place, () -> federation.unreachable(partner.name(), true),
						follow),
				Fault.lasting("bundle endpoint not followed", place, () -> federation.unfollow(partner.name()), follow),
				Fault.lasting("federated bundle deleted", place,
						() -> federation.delete(partner.name(), BundleDeletion.DISSOCIATE), follow),
				Fault.lasting("federated bundle empty", place, () -> {
					federation.unfollow(partner.name());
					federation.set(FederatedBundle.empty(partner.name()));
				}, follow),
				Fault.lasting("federated bundle refused", calls,
						() -> answers.fail(Status.UNAVAILABLE.withDescription("storm")), () -> answers.fail(null)),
				Fault.lasting("federated bundle not answered", calls, answers::hang, answers::resume),
				Fault.lasting("federated bundle answered empty", calls,
						() -> answers.answer(FederatedBundle.empty(partner.name())), () -> answers.answer(null)),
				Fault.lasting("bundle endpoint without keys", place,
						() -> partner.server().trustBundle().publish(NO_KEYS), () -> {
							partner.server().trustBundle().publish(null);
							follow.run();
						}));
	}

}
