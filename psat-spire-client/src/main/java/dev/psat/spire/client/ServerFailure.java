package dev.psat.spire.client;

import dev.psat.spiffe.internal.Quoted;
import dev.psat.spire.wire.internal.Message;
import org.jspecify.annotations.Nullable;

/**
 * Creates exceptions from the statuses with which the SPIRE Server answers, and from the
 * details that it adds when it denies an agent a call.
 */
final class ServerFailure {

	private static final String TYPE = "/spire.api.types.PermissionDeniedDetails";

	private ServerFailure() {
	}

	static SpireException of(String where, int code, String message, byte[] details) {
		FailureReason denial = denial(details);
		FailureReason reason = (denial != null) ? denial : StatusRule.reason(code, message);
		return new SpireException(reason, "The SPIRE Server at %s answered with code %d: %s".formatted(where, code,
				message.isEmpty() ? "(no message)" : Quoted.line(message)));
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

}
