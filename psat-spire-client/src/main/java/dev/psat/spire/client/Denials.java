package dev.psat.spire.client;

import com.google.protobuf.Any;
import com.google.protobuf.InvalidProtocolBufferException;
import dev.psat.spire.client.proto.PermissionDeniedDetails;
import dev.psat.spire.client.proto.rpc.Status;
import org.jspecify.annotations.Nullable;

/**
 * Reads the details that the SPIRE Server adds when it denies an agent a call.
 */
final class Denials {

	private Denials() {
	}

	/**
	 * Return why the server denied an agent a call.
	 * @param details the details of the status, a {@code google.rpc.Status}
	 * @return the reason, {@code null} if there is none or this client does not know it
	 */
	static @Nullable FailureReason reason(byte[] details) {
		try {
			for (Any detail : Status.parseFrom(details).getDetailsList()) {
				if (detail.is(PermissionDeniedDetails.class)) {
					return reason(detail.unpack(PermissionDeniedDetails.class).getReason());
				}
			}
		}
		catch (InvalidProtocolBufferException ex) {
			// code and message have to suffice
		}
		return null;
	}

	private static @Nullable FailureReason reason(PermissionDeniedDetails.Reason reason) {
		return switch (reason) {
			case AGENT_EXPIRED -> FailureReason.AGENT_EXPIRED;
			case AGENT_NOT_ATTESTED -> FailureReason.AGENT_NOT_ATTESTED;
			case AGENT_NOT_ACTIVE -> FailureReason.AGENT_NOT_ACTIVE;
			case AGENT_BANNED -> FailureReason.AGENT_BANNED;
			case AGENT_MUST_REATTEST -> FailureReason.AGENT_MUST_REATTEST;
			case UNKNOWN, UNRECOGNIZED -> null;
		};
	}

}
