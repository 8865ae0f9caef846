package dev.psat.tlstests.grpc;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

import dev.psat.support.Patience;
import dev.psat.tlstests.Gate;
import io.grpc.BindableService;
import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.MethodDescriptor;
import io.grpc.MethodDescriptor.MethodType;
import io.grpc.ServerServiceDefinition;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.ServerCalls;
import io.grpc.stub.StreamObserver;

/**
 * A service without generated code: it answers {@code hello}.
 */
final class Greeting implements BindableService {

	private static final long PATIENCE_SECONDS = Patience.SECONDS;

	private static final int LONG_PATIENCE_SECONDS = 180;

	private static final MethodDescriptor<String, String> METHOD = method(MethodType.UNARY, "Greet");

	private static final MethodDescriptor<String, String> SLOW = method(MethodType.UNARY, "GreetSlowly");

	private static final MethodDescriptor<String, String> STREAM = method(MethodType.SERVER_STREAMING, "GreetForever");

	private final Gate gate = new Gate();

	private static MethodDescriptor<String, String> method(MethodType type, String name) {
		return method(type, "Greeting", name);
	}

	private static MethodDescriptor<String, String> method(MethodType type, String service, String name) {
		return MethodDescriptor.<String, String>newBuilder(new Text(), new Text())
			.setType(type)
			.setFullMethodName(MethodDescriptor.generateFullMethodName(service, name))
			.build();
	}

	/**
	 * Return what keeps slow answers back.
	 * @return the gate
	 */
	Gate gate() {
		return this.gate;
	}

	@Override
	public ServerServiceDefinition bindService() {
		return ServerServiceDefinition.builder("Greeting")
			.addMethod(METHOD, ServerCalls.asyncUnaryCall((request, observer) -> {
				observer.onNext("hello");
				observer.onCompleted();
			}))
			.addMethod(SLOW,
					ServerCalls.asyncUnaryCall((request, observer) -> this.gate.answer().thenAccept((answer) -> {
						observer.onNext(answer);
						observer.onCompleted();
					})))
			.addMethod(STREAM,
					ServerCalls.asyncServerStreamingCall(
							(request, observer) -> greet((ServerCallStreamObserver<String>) observer)))
			.build();
	}

	/**
	 * Greet until the call ends.
	 */
	private static void greet(ServerCallStreamObserver<String> observer) {
		ScheduledExecutorService pace = Executors.newSingleThreadScheduledExecutor();
		observer.setOnCancelHandler(pace::shutdown);
		pace.scheduleWithFixedDelay(() -> observer.onNext("hello"), 0, 2, TimeUnit.MILLISECONDS);
	}

	/**
	 * Begin a call that is answered once the gate is open.
	 * @param channel where the service is
	 * @param answer receives the answer
	 */
	static void begin(Channel channel, StreamObserver<String> answer) {
		ClientCalls.asyncUnaryCall(channel.newCall(SLOW, deadline(LONG_PATIENCE_SECONDS)), "", answer);
	}

	/**
	 * Begin a call that is answered without an end.
	 * @param channel where the service is
	 * @param answers receives the answers
	 */
	static void stream(Channel channel, StreamObserver<String> answers) {
		ClientCalls.asyncServerStreamingCall(channel.newCall(STREAM, CallOptions.DEFAULT), "", answers);
	}

	/**
	 * Call the service.
	 * @param channel where it is
	 * @return what it answers
	 * @throws io.grpc.StatusRuntimeException if it cannot be called
	 */
	static String call(Channel channel) {
		return ClientCalls.blockingUnaryCall(channel, METHOD, deadline(PATIENCE_SECONDS), "");
	}

	/**
	 * Call another service with the same method.
	 * @param channel where it is
	 * @param service its name
	 * @return what it answers
	 * @throws io.grpc.StatusRuntimeException if it cannot be called
	 */
	static String call(Channel channel, String service) {
		return ClientCalls.blockingUnaryCall(channel, method(MethodType.UNARY, service, "Greet"),
				deadline(PATIENCE_SECONDS), "");
	}

	private static CallOptions deadline(long seconds) {
		return CallOptions.DEFAULT.withDeadlineAfter(seconds, TimeUnit.SECONDS);
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
