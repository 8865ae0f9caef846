package dev.psat.tlstests;

import java.util.ArrayList;
import java.util.List;

/**
 * The connections that a server may have at a time.
 */
public final class ConnectionSlots {

	/** As many as {@link #assertAreLeftByEndedConnections} needs. */
	public static final int NUMBER = Silence.values().length;

	private static final String GUILTY = TlsWorld.LISTED + "/guilty";

	private ConnectionSlots() {
	}

	/**
	 * Assert that connections that have ended make room for others.
	 * @param application an {@link EndApplication} whose server has {@link #NUMBER}
	 * connections at most
	 */
	public static void assertAreLeftByEndedConnections(TlsApplication application) {
		Policy policy = application.bean(Policy.class);
		policy.invite(GUILTY);
		List<SilentClient> guilty = new ArrayList<>();
		List<SilentClient> innocent = new ArrayList<>();
		try {
			for (Silence silence : Silence.values()) {
				guilty.add(client(application, application.world().mint(GUILTY), silence));
			}
			policy.invite(null);
			application.bundle().reauthorize();
			guilty.forEach(SilentClient::assertEnds);
			for (int i = 0; i < NUMBER; i++) {
				innocent
					.add(client(application, application.world().credential(Peer.LISTED), Silence.BETWEEN_REQUESTS));
			}
		}
		finally {
			guilty.forEach(SilentClient::close);
			innocent.forEach(SilentClient::close);
		}
	}

	private static SilentClient client(TlsApplication application, Credential credential, Silence silence) {
		return new SilentClient(application.port("server"), credential, silence, "/greeting");
	}

}
