package dev.psat.spire.client;

import java.util.Arrays;

import dev.psat.spiffe.internal.Quoted;
import dev.psat.spire.wire.internal.GrpcStatus;
import dev.psat.spire.wire.internal.Message;
import org.jspecify.annotations.Nullable;

final class ServerFailure {

	private static final String TYPE = "/spire.api.types.PermissionDeniedDetails";

	private ServerFailure() {
	}

	static SpireException of(String where, GrpcStatus status) {
		FailureReason denial = denial(status.details());
		FailureReason reason = (denial != null) ? denial : Rule.reason(status);
		return new SpireException(reason, "The SPIRE Server at %s answered with code %d: %s".formatted(where,
				status.code(), status.message().isEmpty() ? "(no message)" : Quoted.line(status.message())));
	}

	/**
	 * Another server may answer differently, unlike if this one refuses the token, the
	 * agent or the entry, or limits the rate of calls.
	 */
	static boolean isOfServer(GrpcStatus status) {
		return switch (status.code()) {
			case Rule.Code.UNAVAILABLE -> true;
			case Rule.Code.INTERNAL -> switch (Rule.reason(status)) {
				case SIGNING_FAILED, DATASTORE_FAILED, SERVER_ERROR -> true;
				// it did not get as far as the token
				case TOKEN_REVIEW_FAILED -> status.message().contains("unable to query token review")
						|| status.message().contains("unable to get clientset");
				default -> false;
			};
			default -> false;
		};
	}

	private static @Nullable FailureReason denial(byte[] details) {
		try {
			for (Message detail : message(details).messages(FieldNumbers.STATUS_DETAILS)) {
				if (detail.text(FieldNumbers.ANY_TYPE_URL).endsWith(TYPE)) {
					return denial(message(detail.bytes(FieldNumbers.ANY_VALUE))
						.number(FieldNumbers.PERMISSION_DENIED_DETAILS_REASON));
				}
			}
		}
		catch (SpireException ex) {
			// code and message have to suffice
		}
		return null;
	}

	private static Message message(byte[] content) {
		return new Message(content,
				() -> new SpireException(FailureReason.PROTOCOL_ERROR, "The details cannot be parsed"));
	}

	private static @Nullable FailureReason denial(long number) {
		return switch ((int) number) {
			case 1 -> FailureReason.AGENT_EXPIRED;
			case 2 -> FailureReason.AGENT_NOT_ATTESTED;
			case 3 -> FailureReason.AGENT_NOT_ACTIVE;
			case 4 -> FailureReason.AGENT_BANNED;
			case 5 -> FailureReason.AGENT_MUST_REATTEST;
			default -> null;
		};
	}

	/**
	 * The first rule that matches decides. Fragments have not changed since release 1.14.
	 * Sources: {@code k8spsat/psat.go}, {@code api/agent/v1/service.go}, {@code
	 * api/svid/v1/service.go} and {@code endpoints/middleware.go} of the SPIRE Server.
	 */
	private enum Rule {

		BANNED(Code.PERMISSION_DENIED, "agent is banned", FailureReason.AGENT_BANNED),

		NOT_ALLOWED(Code.PERMISSION_DENIED, "is not an allowed service account",
				FailureReason.SERVICE_ACCOUNT_NOT_ALLOWED),

		NOT_AUTHENTICATED(Code.PERMISSION_DENIED, "token not authenticated", FailureReason.TOKEN_NOT_AUTHENTICATED),

		POD_UID_MISMATCH(Code.PERMISSION_DENIED, "pod UID mismatch", FailureReason.POD_REPLACED),

		DENIED(Code.PERMISSION_DENIED, "", FailureReason.PERMISSION_DENIED),

		TOKEN_REVIEW(Code.INTERNAL, "unable to validate token", FailureReason.TOKEN_REVIEW_FAILED),

		USERNAME(Code.INTERNAL, "parse username", FailureReason.TOKEN_NOT_OF_SERVICE_ACCOUNT),

		POD_NAME(Code.INTERNAL, "get pod name", FailureReason.TOKEN_NOT_BOUND_TO_POD),

		POD_UID(Code.INTERNAL, "get pod UID", FailureReason.TOKEN_NOT_BOUND_TO_POD),

		POD(Code.INTERNAL, "get pod from", FailureReason.POD_NOT_READABLE),

		NODE(Code.INTERNAL, "get node from", FailureReason.NODE_NOT_READABLE),

		NODE_UID(Code.INTERNAL, "node UID is empty", FailureReason.NODE_NOT_READABLE),

		AGENT_ID(Code.INTERNAL, "invalid agent ID", FailureReason.AGENT_ID_INVALID),

		SERVER_ID(Code.INTERNAL, "agent ID cannot collide", FailureReason.AGENT_ID_INVALID),

		SIGNING(Code.INTERNAL, "failed to sign", FailureReason.SIGNING_FAILED),

		FETCH(Code.INTERNAL, "failed to fetch", FailureReason.DATASTORE_FAILED),

		UPDATE(Code.INTERNAL, "failed to update", FailureReason.DATASTORE_FAILED),

		CREATE(Code.INTERNAL, "failed to create", FailureReason.DATASTORE_FAILED),

		LOOK_UP(Code.INTERNAL, "unable to look up agent", FailureReason.DATASTORE_FAILED),

		ACTIVATE(Code.INTERNAL, "unable to activate", FailureReason.DATASTORE_FAILED),

		CLUSTER(Code.INVALID_ARGUMENT, "not configured for cluster", FailureReason.CLUSTER_UNKNOWN),

		NO_CLUSTER(Code.INVALID_ARGUMENT, "missing cluster in", FailureReason.CLUSTER_MISSING),

		NO_TOKEN(Code.INVALID_ARGUMENT, "missing token in", FailureReason.TOKEN_MISSING),

		NO_PAYLOAD(Code.INVALID_ARGUMENT, "attestation payload", FailureReason.PAYLOAD_MALFORMED),

		PAYLOAD(Code.INVALID_ARGUMENT, "unmarshal data payload", FailureReason.PAYLOAD_MALFORMED),

		REQUEST(Code.INVALID_ARGUMENT, "", FailureReason.INVALID_REQUEST),

		NO_ATTESTOR(Code.FAILED_PRECONDITION, "could not find node attestor", FailureReason.ATTESTOR_MISSING),

		ATTESTOR(Code.FAILED_PRECONDITION, "not configured", FailureReason.ATTESTOR_NOT_CONFIGURED),

		ENTRY(Code.NOT_FOUND, "entry not found", FailureReason.ENTRY_NOT_FOUND),

		BUNDLE(Code.NOT_FOUND, "bundle not found", FailureReason.TRUST_BUNDLE_NOT_FOUND),

		AGENT(Code.NOT_FOUND, "agent not found", FailureReason.AGENT_NOT_ATTESTED),

		RATE(Code.RESOURCE_EXHAUSTED, "", FailureReason.RATE_LIMITED),

		JWT(Code.UNIMPLEMENTED, "JWT functionality is disabled", FailureReason.JWT_DISABLED),

		METHOD(Code.UNIMPLEMENTED, "", FailureReason.UNIMPLEMENTED),

		CLIENT_ID(Code.UNAUTHENTICATED, "", FailureReason.UNAUTHENTICATED),

		DEADLINE(Code.DEADLINE_EXCEEDED, "", FailureReason.TIMED_OUT);

		private final int code;

		private final String fragment;

		private final FailureReason reason;

		Rule(int code, String fragment, FailureReason reason) {
			this.code = code;
			this.fragment = fragment;
			this.reason = reason;
		}

		static FailureReason reason(GrpcStatus status) {
			return Arrays.stream(values())
				.filter((rule) -> rule.code == status.code() && status.message().contains(rule.fragment))
				.findFirst()
				.map((rule) -> rule.reason)
				.orElse(FailureReason.SERVER_ERROR);
		}

		private static final class Code {

			static final int INVALID_ARGUMENT = 3;

			static final int DEADLINE_EXCEEDED = 4;

			static final int NOT_FOUND = 5;

			static final int PERMISSION_DENIED = 7;

			static final int RESOURCE_EXHAUSTED = 8;

			static final int FAILED_PRECONDITION = 9;

			static final int UNIMPLEMENTED = 12;

			static final int INTERNAL = 13;

			static final int UNAVAILABLE = 14;

			static final int UNAUTHENTICATED = 16;

		}

	}

}
