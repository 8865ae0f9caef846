package dev.psat.tlstests.grpc;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;

import io.grpc.BindableService;
import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.MethodDescriptor;
import io.grpc.MethodDescriptor.MethodType;
import io.grpc.ServerServiceDefinition;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.ServerCalls;

/**
 * A service without generated code: it answers {@code hello}.
 */
final class Greeting implements BindableService {

	private static final int PATIENCE_SECONDS = 30;

	private static final MethodDescriptor<String, String> METHOD = MethodDescriptor
		.<String, String>newBuilder(new Text(), new Text())
		.setType(MethodType.UNARY)
		.setFullMethodName(MethodDescriptor.generateFullMethodName("Greeting", "Greet"))
		.build();

	@Override
	public ServerServiceDefinition bindService() {
		return ServerServiceDefinition.builder("Greeting")
			.addMethod(METHOD, ServerCalls.asyncUnaryCall((request, observer) -> {
				observer.onNext("hello");
				observer.onCompleted();
			}))
			.build();
	}

	/**
	 * Call the service.
	 * @param channel where it is
	 * @return what it answers
	 * @throws io.grpc.StatusRuntimeException if it cannot be called
	 */
	static String call(Channel channel) {
		return ClientCalls.blockingUnaryCall(channel, METHOD,
				CallOptions.DEFAULT.withDeadlineAfter(PATIENCE_SECONDS, TimeUnit.SECONDS), "");
	}

	private static final class Text implements MethodDescriptor.Marshaller<String> {

		@Override
		public InputStream stream(String value) {
			return new ByteArrayInputStream(value.getBytes(StandardCharsets.UTF_8));
		}

		@Override
		public String parse(InputStream stream) {
			try {
				return new String(stream.readAllBytes(), StandardCharsets.UTF_8);
			}
			catch (IOException ex) {
				throw new UncheckedIOException(ex);
			}
		}

	}

}
