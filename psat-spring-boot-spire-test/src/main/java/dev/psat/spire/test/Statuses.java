package dev.psat.spire.test;

import com.google.protobuf.Any;
import dev.psat.spire.test.proto.PermissionDeniedDetails;
import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;

final class Statuses {

	private static final Metadata.Key<byte[]> DETAILS = Metadata.Key.of("grpc-status-details-bin",
			Metadata.BINARY_BYTE_MARSHALLER);

	private Statuses() {
	}

	static StatusRuntimeException of(Status.Code code, String message) {
		return code.toStatus().withDescription(message).asRuntimeException();
	}

	/** The bytes of the details are those of the transcripts. */
	static StatusRuntimeException denied(String message, PermissionDeniedDetails.Reason reason) {
		Status status = Status.PERMISSION_DENIED.withDescription(message);
		PermissionDeniedDetails details = PermissionDeniedDetails.newBuilder().setReason(reason).build();
		Metadata trailers = new Metadata();
		trailers.put(DETAILS,
				dev.psat.spire.test.proto.rpc.Status.newBuilder()
					.setCode(status.getCode().value())
					.setMessage(message)
					.addDetails(Any.pack(details))
					.build()
					.toByteArray());
		return status.asRuntimeException(trailers);
	}

}
