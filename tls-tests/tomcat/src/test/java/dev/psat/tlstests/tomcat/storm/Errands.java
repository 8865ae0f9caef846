package dev.psat.tlstests.tomcat.storm;

import java.util.List;
import java.util.function.Supplier;

import dev.psat.spiffe.JwtSvid;
import dev.psat.spire.SvidUnavailableException;
import dev.psat.support.soak.Thrown;
import dev.psat.support.soak.Violations;
import dev.psat.tlstests.HttpPeer;

import org.springframework.web.client.RestClient;
import org.springframework.web.client.RestClientException;

/**
 * Whatever else a member does: it asks for JWT-SVIDs, which another member verifies,
 * calls servers that it must not believe, and a guest's that never has another SVID.
 */
final class Errands implements Weather.Call {

	/** So many that there is hardly ever one in memory. */
	private static final int AUDIENCES = 100;

	private final Member member;

	private final JwtVerifier verifier;

	private final Supplier<List<HttpPeer>> impostors;

	private final Host host;

	private final RestClient client;

	private final Tally tally;

	private final Violations violations;

	private int count;

	/**
	 * Create errands.
	 * @param member who runs them
	 * @param verifier verifies its JWT-SVIDs
	 * @param impostors servers that must not be believed
	 * @param host the server of a guest
	 * @param tally counts what is done
	 * @param violations is told of what must not happen
	 */
	Errands(Member member, JwtVerifier verifier, Supplier<List<HttpPeer>> impostors, Host host, Tally tally,
			Violations violations) {
		this.member = member;
		this.verifier = verifier;
		this.impostors = impostors;
		this.host = host;
		this.client = member.client();
		this.tally = tally;
		this.violations = violations;
	}

	@Override
	public void make(boolean calm) {
		ask("audience-" + this.count++ % AUDIENCES, calm);
		this.impostors.get().forEach(this::call);
		visit(calm);
	}

	private void ask(String audience, boolean calm) {
		try {
			JwtSvid svid = this.member.identity().jwtSvid(audience);
			this.tally.jwtSvid(true);
			if (!svid.spiffeId().equals(this.member.id()) || !svid.audience().equals(List.of(audience))) {
				this.violations.add("%s was given a JWT-SVID of %s for %s".formatted(this.member, svid.spiffeId(),
						svid.audience()));
			}
			if (calm && !this.verifier.isVouchedFor(svid)) {
				this.violations.add("%s was given a JWT-SVID for which no authority vouches".formatted(this.member));
			}
		}
		catch (SvidUnavailableException ex) {
			this.tally.jwtSvid(false);
			if (calm) {
				this.violations.add("%s has no JWT-SVID: %s".formatted(this.member, Thrown.describe(ex)));
			}
		}
	}

	private void visit(boolean calm) {
		try {
			this.host.receive();
		}
		catch (RestClientException ex) {
			if (calm) {
				this.violations.add("%s did not believe a guest: %s".formatted(this.member, Thrown.describe(ex)));
			}
		}
	}

	private void call(HttpPeer impostor) {
		try {
			this.client.get().uri(impostor.uri()).retrieve().toBodilessEntity();
			this.violations.add("%s believed an impostor".formatted(this.member));
		}
		catch (RestClientException ex) {
			this.tally.refused();
		}
	}

}
