package dev.psat.spire.test;

import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import dev.psat.spire.test.proto.JWTSVID;
import io.grpc.Status;

/**
 * The JWT-SVIDs that an agent has obtained, which it hands out until half of their life
 * is gone, and longer if there is no server. Those with a {@code jti} are never handed
 * out again. Source: {@code manager.go}. Thread-safe.
 */
final class AgentJwtSvids {

	private final SimulatedSpireServer server;

	private final Map<Request, Held> held = new HashMap<>();

	AgentJwtSvids(SimulatedSpireServer server) {
		this.server = server;
	}

	synchronized String issue(EntrySpec entry, List<String> audience) {
		Instant now = this.server.clock().instant();
		Request request = new Request(entry.spiffeId(), audience.stream().sorted().toList());
		Held known = entry.isJwtSvidIncludeJti() ? null : this.held.get(request);
		if (known != null && (known.isFresh(now) || (!this.server.isRunning() && now.isBefore(known.expiresAt())))) {
			return known.token();
		}
		Held issued = issueAnew(entry, audience, now);
		if (!entry.isJwtSvidIncludeJti()) {
			this.held.put(request, issued);
		}
		return issued.token();
	}

	private Held issueAnew(EntrySpec entry, List<String> audience, Instant now) {
		if (!this.server.isRunning()) {
			throw unavailable("Unavailable desc = connection error: desc = \"transport: Error while dialing: "
					+ "connect: connection refused\"");
		}
		SimulatedJwtAuthority authority = this.server.optionalJwtAuthority();
		if (authority == null) {
			throw unavailable("Unimplemented desc = JWT functionality is disabled");
		}
		JwtAuthority issuer = authority.active();
		JWTSVID svid = issuer.issue(entry.spiffeId(), audience, entry.isJwtSvidIncludeJti(), now,
				entry.jwtSvidTtl(this.server.lifetimes()));
		return new Held(svid.getToken(), issuer, now, Instant.ofEpochSecond(svid.getExpiresAt()));
	}

	private static RuntimeException unavailable(String cause) {
		return Statuses.of(Status.Code.UNAVAILABLE,
				"could not fetch JWT-SVID: failed to fetch JWT SVID: rpc error: code = " + cause);
	}

	synchronized void forget() {
		this.held.clear();
	}

	private record Request(String spiffeId, List<String> audience) {

	}

	private record Held(String token, JwtAuthority issuer, Instant issuedAt, Instant expiresAt) {

		boolean isFresh(Instant now) {
			Duration life = Duration.between(this.issuedAt, this.expiresAt);
			return !this.issuer.isTainted() && now.isBefore(this.issuedAt.plus(life.dividedBy(2)));
		}

	}

}
