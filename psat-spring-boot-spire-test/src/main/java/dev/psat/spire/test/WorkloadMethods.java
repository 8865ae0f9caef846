package dev.psat.spire.test;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;

import com.google.protobuf.Message;
import dev.psat.spire.test.proto.WorkloadProto.JWTBundlesRequest;
import dev.psat.spire.test.proto.WorkloadProto.JWTSVIDRequest;
import dev.psat.spire.test.proto.WorkloadProto.ValidateJWTSVIDRequest;
import dev.psat.spire.test.proto.WorkloadProto.X509BundlesRequest;
import dev.psat.spire.test.proto.WorkloadProto.X509SVIDRequest;
import io.grpc.MethodDescriptor;
import io.grpc.MethodDescriptor.Marshaller;
import io.grpc.MethodDescriptor.MethodType;
import io.grpc.protobuf.ProtoUtils;

/**
 * The gRPC descriptors of the Workload API. Answers are bytes, which need not be those of
 * a message.
 */
final class WorkloadMethods {

	static final MethodDescriptor<X509SVIDRequest, byte[]> FETCH_X509_SVID = method(WorkloadMethod.FETCH_X509_SVID,
			MethodType.SERVER_STREAMING, X509SVIDRequest.getDefaultInstance());

	static final MethodDescriptor<X509BundlesRequest, byte[]> FETCH_X509_BUNDLES = method(
			WorkloadMethod.FETCH_X509_BUNDLES, MethodType.SERVER_STREAMING, X509BundlesRequest.getDefaultInstance());

	static final MethodDescriptor<JWTSVIDRequest, byte[]> FETCH_JWT_SVID = method(WorkloadMethod.FETCH_JWT_SVID,
			MethodType.UNARY, JWTSVIDRequest.getDefaultInstance());

	static final MethodDescriptor<JWTBundlesRequest, byte[]> FETCH_JWT_BUNDLES = method(
			WorkloadMethod.FETCH_JWT_BUNDLES, MethodType.SERVER_STREAMING, JWTBundlesRequest.getDefaultInstance());

	static final MethodDescriptor<ValidateJWTSVIDRequest, byte[]> VALIDATE_JWT_SVID = method(
			WorkloadMethod.VALIDATE_JWT_SVID, MethodType.UNARY, ValidateJWTSVIDRequest.getDefaultInstance());

	private WorkloadMethods() {
	}

	private static <R extends Message> MethodDescriptor<R, byte[]> method(WorkloadMethod method, MethodType type,
			R request) {
		return MethodDescriptor.<R, byte[]>newBuilder()
			.setType(type)
			.setFullMethodName(method.fullName())
			.setRequestMarshaller(ProtoUtils.marshaller(request))
			.setResponseMarshaller(new Bytes())
			.build();
	}

	private static final class Bytes implements Marshaller<byte[]> {

		@Override
		public InputStream stream(byte[] bytes) {
			return new ByteArrayInputStream(bytes);
		}

		@Override
		public byte[] parse(InputStream stream) {
			try {
				return stream.readAllBytes();
			}
			catch (IOException ex) {
				throw new UncheckedIOException(ex);
			}
		}

	}

}
