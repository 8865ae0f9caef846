package dev.psat.tlstests.tomcat.storm;

import java.util.Map;
import java.util.function.Supplier;

import dev.psat.support.soak.Violations;
import dev.psat.tlstests.Credential;
import dev.psat.tlstests.JavaCaller;
import dev.psat.tlstests.Knock;
import dev.psat.tlstests.Reception;
import dev.psat.tlstests.TlsVersion;

/**
 * Tries to get in at a member with credentials with which nobody may.
 */
final class Intruder implements Weather.Call {

	private final Member member;

	private final Supplier<Map<String, Credential>> credentials;

	private final Tally tally;

	private final Violations violations;

	/**
	 * Create an intruder.
	 * @param member who must not let it in
	 * @param credentials the credentials by what is wrong with them
	 * @param tally counts the attempts
	 * @param violations is told of what must not happen
	 */
	Intruder(Member member, Supplier<Map<String, Credential>> credentials, Tally tally, Violations violations) {
		this.member = member;
		this.credentials = credentials;
		this.tally = tally;
		this.violations = violations;
	}

	@Override
	public void make(boolean calm) {
		Knock knock = Knock.http(this.member.port(), "/farewell");
		this.credentials.get().forEach((fault, credential) -> {
			Reception reception = new JavaCaller().call(knock, TlsVersion.TLS_1_3, credential);
			if (reception.answered()) {
				this.violations.add("%s let in a client %s".formatted(this.member, fault));
			}
			else if (calm && !isRefused(reception)) {
				this.violations
					.add("%s did not refuse a client %s: %s".formatted(this.member, fault, reception.output()));
			}
			else {
				this.tally.refused();
			}
		});
	}

	/**
	 * Over TLS 1.3, a refusal may look like the end of the connection.
	 */
	private static boolean isRefused(Reception reception) {
		return !reception.output().contains("ConnectException") && !reception.output().contains("Timeout");
	}

}
