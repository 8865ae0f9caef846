package dev.psat.tlstests.tomcat.soak;

import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;

import dev.psat.spire.SpireState;
import dev.psat.spire.SpireStatus;
import dev.psat.spire.test.SimulatedSpireServer;
import org.jspecify.annotations.Nullable;

/**
 * Mends whatever a fault has left behind, and knows when an application is well again.
 */
final class Repair {

	/** What two clocks and a second that was cut off may come to. */
	private static final Duration MARGIN = Duration.ofSeconds(2);

	private final SimulatedSpireServer server;

	private final Authorities authorities;

	private final Consumer<Duration> clock;

	private final String cluster;

	private final Set<Application> banned = new HashSet<>();

	private boolean clockOff;

	private @Nullable Long sequenceNumber;

	Repair(SimulatedSpireServer server, Authorities authorities, Consumer<Duration> clock, String cluster) {
		this.server = server;
		this.authorities = authorities;
		this.clock = clock;
		this.cluster = cluster;
	}

	void ban(Application application) {
		this.server.agents().ban(application.agentId());
		this.banned.add(application);
	}

	/**
	 * Step the clock of the server.
	 * @param offset how far it is off from now on
	 */
	void stepClock(Duration offset) {
		this.clock.accept(offset);
		this.clockOff = true;
	}

	void setBackSequenceNumber() {
		long sequenceNumber = this.server.trustBundle().sequenceNumber();
		this.server.trustBundle().sequenceNumber(sequenceNumber - 1);
		this.sequenceNumber = sequenceNumber;
	}

	void deleteEntry(Application application) {
		this.server.entries().delete(entry(application));
	}

	/**
	 * Mend everything, and change the entries so that each application needs another
	 * SVID.
	 * @param applications the applications
	 */
	void mend(List<Application> applications) {
		if (this.clockOff) {
			stepClock(Duration.ZERO);
			this.server.goAway();
			this.clockOff = false;
		}
		this.server.trustBundle().empty(false);
		if (this.sequenceNumber != null) {
			this.server.trustBundle().sequenceNumber(this.sequenceNumber);
			this.sequenceNumber = null;
		}
		this.authorities.retire();
		applications.forEach(this::changeEntry);
		this.server.faults().resume();
		this.server.restart();
		for (Application application : this.banned) {
			this.server.agents().evict(application.agentId());
			// which looks again every ten minutes only
			application.revisit();
		}
		this.banned.clear();
	}

	void changeEntry(Application application) {
		this.server.entries().change(entry(application), (entry) -> {
		});
	}

	private String entry(Application application) {
		return this.server.register(application.kubelet(), this.cluster);
	}

	/**
	 * Return whether an application shows that all is well.
	 * @param status what it shows
	 * @param generation the generation of the SVID that it had when all was mended
	 * @return whether it has another one, and everything else of the server that there is
	 * now
	 */
	boolean isWell(SpireStatus status, long generation) {
		SpireStatus.Svid svid = status.svid();
		return status.state() == SpireState.READY && status.lastError() == null && status.agentExpiresAt() != null
				&& Duration.ZERO.equals(status.clockSkew()) && this.authorities.areKnown(status) && svid != null
				&& svid.generation() > generation
				&& svid.expiresAt().isBefore(Instant.now().plus(SoakWorld.SVID_LIFE).plus(MARGIN));
	}

}
