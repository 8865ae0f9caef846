package dev.psat.tlstests.tomcat.storm;

import dev.psat.support.soak.Thrown;
import dev.psat.support.soak.Violations;

import org.springframework.web.client.RestClient;
import org.springframework.web.client.RestClientException;
import org.springframework.web.client.RestClientResponseException;

/**
 * Calls one member in the name of another one.
 */
final class Caller implements Weather.Call {

	private final Member from;

	private final Member to;

	private final boolean keeping;

	private final RestClient client;

	private final Tally tally;

	private final Violations violations;

	private String connection = "";

	private volatile boolean progress;

	/**
	 * Create a caller.
	 * @param from who calls
	 * @param to who is called
	 * @param keeping whether to keep the connection, which otherwise ends with the answer
	 * @param tally counts the calls
	 * @param violations is told of what must not happen
	 */
	Caller(Member from, Member to, boolean keeping, Tally tally, Violations violations) {
		this.from = from;
		this.to = to;
		this.keeping = keeping;
		this.client = from.client();
		this.tally = tally;
		this.violations = violations;
	}

	@Override
	public void make(boolean calm) {
		Long keptOut = this.from.guests().keptOutSince(this.to.id());
		try {
			String url = this.to.url(this.keeping ? "/greeting" : "/farewell");
			answered(String.valueOf(this.client.get().uri(url).retrieve().body(String.class)), calm);
			// a policy that has recovered meanwhile may have let it in
			if (keptOut != null && keptOut.equals(this.from.guests().keptOutSince(this.to.id()))) {
				this.violations.add("%s was answered, but the policy refuses it".formatted(this));
			}
		}
		catch (RestClientResponseException ex) {
			throw ex;
		}
		catch (RestClientException ex) {
			this.tally.failed();
			if (calm) {
				this.violations.add("%s failed: %s".formatted(this, Thrown.describe(ex)));
			}
		}
	}

	private void answered(String answer, boolean calm) {
		if (!answer.startsWith(Member.GREETING)) {
			this.violations.add("%s was answered with %s".formatted(this, answer));
		}
		boolean kept = answer.equals(this.connection);
		this.connection = answer;
		this.tally.answered(calm, kept);
		this.progress |= kept || !this.keeping;
	}

	/**
	 * Return whether calls were answered since this was last asked, on the connection of
	 * the one before if connections are kept.
	 */
	boolean makesProgress() {
		boolean progress = this.progress;
		this.progress = false;
		return progress;
	}

	@Override
	public String toString() {
		return "The call of %s by %s on a %s connection".formatted(this.to, this.from, this.keeping ? "kept" : "new");
	}

}
