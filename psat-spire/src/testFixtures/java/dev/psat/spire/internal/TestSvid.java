package dev.psat.spire.internal;

import java.time.Duration;

import dev.psat.concurrent.internal.Time;
import dev.psat.spiffe.SvidMint;
import dev.psat.spiffe.X509Svid;
import dev.psat.spire.client.KeyType;
import dev.psat.spire.server.TestClaims;
import dev.psat.spire.server.TestEntry;

/**
 * Makes SVIDs in memory.
 */
public final class TestSvid {

	public static final Duration LIFE = Duration.ofHours(1);

	private static final SvidMint AUTHORITY = new SvidMint();

	private TestSvid() {
	}

	/**
	 * An SVID that has just been received and lives for an hour, which is due to be
	 * replaced after half of it.
	 */
	public static HeldSvid held(long generation, Time time) {
		X509Svid svid = AUTHORITY.issue(TestEntry.ORDERS, time.now(), LIFE);
		return new HeldSvid(svid, KeyType.EC_P256.generate().getPrivate(),
				new HeldSvid.Subject(svid.spiffeId(), "1", false), generation,
				new Renewal(time.nanos(), LIFE.dividedBy(2), time.now().plus(LIFE.dividedBy(2))));
	}

	public static X509Svid agent(Time time) {
		return AUTHORITY.issue("spiffe://example.org/spire/agent/k8s_psat/demo/pod/" + TestClaims.POD_UID, time.now(),
				LIFE);
	}

}
