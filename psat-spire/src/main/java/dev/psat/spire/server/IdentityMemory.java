package dev.psat.spire.server;

import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;

import dev.psat.spire.internal.Outcomes;
import dev.psat.spire.internal.Time;

/**
 * What an identity keeps from one start to the next. The lock is held during a visit and
 * guards all of it: a visit of the previous start may still hang in an observer.
 */
record IdentityMemory(Lock visiting, Payloads payloads, TrustBundleKeeper bundles, EntryKeeper entries,
		FederationKeeper federation, SvidKeeper svid, Outcomes outcomes, SpirePublication publication,
		AtomicBoolean statusPosted) {

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
