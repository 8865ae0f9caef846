package dev.psat.tlstests.tomcat.storm;

import java.io.UncheckedIOException;

import dev.psat.support.soak.Thrown;
import dev.psat.support.soak.Violations;
import dev.psat.tlstests.Credential;
import dev.psat.tlstests.KeptConnection;
import org.jspecify.annotations.Nullable;

/**
 * A guest that never has another SVID, and stays connected for as long as it may. Members
 * renew theirs before a connection has to end.
 */
final class Squatter implements Weather.Call {

	private final Member member;

	private final Violations violations;

	private volatile @Nullable Credential credential;

	private @Nullable KeptConnection connection;

	Squatter(Member member, Violations violations) {
		this.member = member;
		this.violations = violations;
	}

	/**
	 * Come with another credential, as soon as the connection has ended.
	 * @param credential the credential of a guest
	 */
	void renew(Credential credential) {
		this.credential = credential;
	}

	@Override
	public void make(boolean calm) {
		boolean begins = this.connection == null;
		try {
			KeptConnection open = connect();
			if (open != null) {
				// which the doorkeeper judges
				open.get("/greeting");
				if (open.isClosing()) {
					leave();
				}
			}
		}
		catch (UncheckedIOException ex) {
			leave();
			if (calm && begins) {
				this.violations.add("%s did not let in a guest: %s".formatted(this.member, Thrown.describe(ex)));
			}
		}
	}

	private @Nullable KeptConnection connect() {
		KeptConnection open = this.connection;
		Credential current = this.credential;
		if (open == null && current != null) {
			open = new KeptConnection(this.member.port(), null, current);
			this.connection = open;
		}
		return open;
	}

	private void leave() {
		KeptConnection open = this.connection;
		this.connection = null;
		if (open != null) {
			open.vanish();
		}
	}

	/**
	 * Leave for good, once nobody calls any more.
	 */
	void end() {
		this.credential = null;
		leave();
	}

}
