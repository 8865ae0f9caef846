package dev.psat.spire.server;

import java.util.regex.Pattern;

import dev.psat.spire.client.FailureReason;
import dev.psat.spire.client.SpireException;
import dev.psat.spire.internal.VisitException;
import dev.psat.token.TokenClaims;
import org.jspecify.annotations.Nullable;

/** In terms of the properties and of {@code server.conf}. */
final class FailureAdvice {

	private static final Pattern NAME = Pattern.compile("(?=.{1,253}$)[a-z0-9]([-a-z0-9.]*[a-z0-9])?");

	private FailureAdvice() {
	}

	static VisitException failure(SpireException ex, @Nullable TokenClaims claims) {
		return new VisitException(ex, of(ex.reason(), claims));
	}

	static VisitException cancelled(String message) {
		return new VisitException(FailureReason.CANCELLED, message, of(FailureReason.CANCELLED, null));
	}

	static String of(FailureReason reason, @Nullable TokenClaims claims) {
		return switch (reason) {
			case UNREACHABLE -> "Check 'spire.server.address', that the SPIRE Server runs, and that network policies "
					+ "let this pod reach it.";
			case HANDSHAKE_TIMED_OUT ->
				"Something accepts connections at 'spire.server.address': check that it is the SPIRE Server and does "
						+ "not hang, that what is in between passes TLS through, and that this container has enough of a "
						+ "processor. The application tries again.";
			case TIMED_OUT ->
				"The server may be overloaded: it attests one agent per second and address. The application tries again.";
			case CANCELLED ->
				"Nothing needs to be done: the call was interrupted, or its connection was closed. The application "
						+ "tries again unless it is being stopped.";
			case TLS_VERSION -> "A SPIRE Server can only be reached with TLS 1.3: allow it in the security property "
					+ "'jdk.tls.disabledAlgorithms' of this JVM, and let nothing in between terminate TLS.";
			case TLS_PARAMETERS ->
				"Most likely, 'require_pq_kem' in server.conf demands a post-quantum key exchange, which Java has from "
						+ "JDK 27 on: run the application on it, or remove that line. If that is not set, check the "
						+ "system property 'jdk.tls.namedGroups' of this JVM, and what terminates TLS in between.";
			case SERVER_NOT_TRUSTED ->
				"Check that 'spire.server.trust-bundle' is the current bundle of that server, and "
						+ "that nothing in between terminates TLS: a load balancer has to pass it through.";
			case SERVER_ID_MISMATCH -> "Check 'spire.server.address' and 'spire.server.trust-domain': something "
					+ "else, or the server of another trust domain, answers there.";
			case PROTOCOL_ERROR -> "Check that 'spire.server.address' is that of the SPIRE Server's API, usually port "
					+ "8081, and that anything in between passes HTTP/2 through.";
			case INVALID_SVID ->
				"No known SPIRE Server answers like this: check its log, its plugins for bugs, and, if this is about times, "
						+ "its clock and that of this machine.";
			case CHALLENGED, INVALID_TRUST_BUNDLE ->
				"No known SPIRE Server answers like this: check its log, and its plugins for bugs.";
			case CERTIFICATE_REFUSED, AGENT_EXPIRED, AGENT_NOT_ATTESTED, AGENT_MUST_REATTEST ->
				"Nothing needs to be done: this application attests again when it needs the server.";
			case AGENT_NOT_ACTIVE ->
				"If this persists, another process attests with the same identity: let only one container of "
						+ "a pod attest, and identify agents by the UID of their pod ('use_pod_uid_for_agent_id').";
			case RATE_LIMITED ->
				"Many clients share one address, and the server refuses those whose turn comes after their deadline: "
						+ "raise 'spire.server.attest-timeout', set 'ratelimit { attestation = false }' in "
						+ "server.conf, or let the load balancer pass on client addresses with the PROXY protocol.";
			case UNIMPLEMENTED -> "The server is too old or not a SPIRE Server: 1.14 or later is required.";
			case INVALID_REQUEST -> "Check the server's log for details.";
			case ATTESTOR_MISSING, ATTESTOR_NOT_CONFIGURED -> "Configure the NodeAttestor \"k8s_psat\" in server.conf.";
			case PAYLOAD_MALFORMED, CLUSTER_MISSING, TOKEN_MISSING ->
				"Check the payload of the application's own PsatAttestor.";
			case CLUSTER_UNKNOWN ->
				"Set 'spire.psat.cluster' to a name in the 'clusters' of the NodeAttestor \"k8s_psat\" in "
						+ "server.conf, or add it there.";
			case TOKEN_REVIEW_FAILED ->
				"Check that the token's audience is that of the cluster in server.conf, that the "
						+ "server uses the API server of the pod's own cluster and may create tokenreviews there, and "
						+ "that the pod still exists.";
			case TOKEN_NOT_AUTHENTICATED ->
				"An authenticator of the API server, such as a webhook, rejected the token: check its log and "
						+ "that of the API server.";
			case TOKEN_NOT_OF_SERVICE_ACCOUNT, TOKEN_NOT_BOUND_TO_POD ->
				"Mount a projected service account token at 'spire.psat.token-path'.";
			case SERVICE_ACCOUNT_NOT_ALLOWED ->
				"Add \"%s\" to the 'service_account_allow_list' of this cluster in server.conf if it has "
					.formatted(namespace(claims) + ":" + serviceAccount(claims))
						+ "'use_pod_uid_for_agent_id' set. Never do so for the cluster of the SPIRE Agents: set "
						+ "'spire.psat.cluster' to another one.";
			case POD_NOT_READABLE ->
				"Check that the SPIRE Server may get pods of this cluster, and that the pod still exists.";
			case POD_REPLACED -> "Nothing needs to be done: this pod is being replaced.";
			case NODE_NOT_READABLE -> "Check that the SPIRE Server may get nodes of this cluster.";
			case AGENT_ID_INVALID -> "Give the cluster a name of letters, digits, '.', '-' and '_' in server.conf.";
			case AGENT_BANNED ->
				"Lift the ban with 'spire-server agent evict -spiffeID <agent ID>' if it was a mistake. The "
						+ "application tries again every ten minutes.";
			case PERMISSION_DENIED, UNAUTHENTICATED ->
				"Check the server's log: a custom policy may forbid the call to \"%s:%s\".".formatted(namespace(claims),
						serviceAccount(claims));
			case ENTRY_NOT_FOUND ->
				"It takes the server a few seconds to learn of an entry or a new agent. If this persists, "
						+ "check the entry and its parent.";
			case TRUST_BUNDLE_NOT_FOUND -> "Check the server's log: it has no trust bundle yet.";
			case JWT_DISABLED -> "Allow JWT-SVIDs in server.conf: 'disable_jwt_svids' is set.";
			case SIGNING_FAILED, DATASTORE_FAILED, SERVER_ERROR ->
				"Check the log of the SPIRE Server. The application tries again.";
		};
	}

	static String namespace(@Nullable TokenClaims claims) {
		return shown((claims != null) ? claims.namespace() : null, "<namespace>");
	}

	static String serviceAccount(@Nullable TokenClaims claims) {
		TokenClaims.Reference account = (claims != null) ? claims.serviceAccount() : null;
		return shown((account != null) ? account.name() : null, "<service account>");
	}

	/** The claims are not verified, so nothing but a valid Kubernetes name is shown. */
	private static String shown(@Nullable String name, String instead) {
		return (name != null && NAME.matcher(name).matches()) ? name : instead;
	}

}
