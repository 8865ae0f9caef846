package dev.psat.spire.server;

import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;

import dev.psat.spire.internal.Outcomes;
import dev.psat.spire.internal.Time;

/**
 * What an identity keeps from one start to the next.
 *
 * @param visiting held during a visit, and guards everything else: a visit of the
 * previous start may still hang in an observer
 * @param payloads obtains payloads
 * @param bundles keeps the trust bundle
 * @param entries chooses the entry
 * @param federation keeps the trust bundles of federated trust domains
 * @param svid keeps the X.509-SVID
 * @param outcomes is notified of outcomes
 * @param publication publishes the status
 * @param statusPosted whether the status was posted to the server
 */
record IdentityMemory(Lock visiting, Payloads payloads, TrustBundleKeeper bundles, EntryKeeper entries,
		FederationKeeper federation, SvidKeeper svid, Outcomes outcomes, SpirePublication publication,
		AtomicBoolean statusPosted) {

	/**
	 * End calls of foreign code that hang, and publish that there is no agent.
	 */
	void stopped() {
		this.payloads.end();
		this.bundles.end();
		this.publication.withoutAgent();
	}

	static IdentityMemory of(ServerDoor.Settings settings, Outcomes outcomes, SpirePublication publication) {
		Time time = settings.time();
		return new IdentityMemory(new ReentrantLock(),
				new Payloads(settings.attestor(), settings.tokenSource(), settings.attestTimeout(), time),
				new TrustBundleKeeper(new BundleFile(settings.trustDomain(), settings.trustBundle(), time), time),
				new EntryKeeper(settings.trustDomain(), settings.preference(), time),
				new FederationKeeper(settings.federatesWith(), time, outcomes, publication::federating),
				new SvidKeeper(settings.keyType(), time), outcomes, publication, new AtomicBoolean());
	}

}
