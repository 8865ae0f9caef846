package dev.psat.tlstests.grpc;

import javax.net.ssl.SSLContext;

import dev.psat.tlstests.Credential;
import dev.psat.tlstests.KeptClient;
import dev.psat.tlstests.TlsVersion;
import io.grpc.ChannelCredentials;
import io.grpc.ManagedChannel;
import io.grpc.netty.NettyChannelBuilder;
import io.grpc.stub.StreamObserver;

/**
 * A channel that nobody has told of the bundle.
 */
final class GrpcKeptClient implements KeptClient {

	private final ManagedChannel channel;

	GrpcKeptClient(int port, Credential credential, TlsVersion version) {
		this(port, Tls.client(credential, version));
	}

	GrpcKeptClient(int port, SSLContext context, TlsVersion version) {
		this(port, Tls.client(context, version));
	}

	private GrpcKeptClient(int port, ChannelCredentials credentials) {
		this.channel = NettyChannelBuilder.forTarget("localhost:" + port, credentials).build();
	}

	@Override
	public String call() {
		return Greeting.call(this.channel);
	}

	@Override
	public String post() {
		return call();
	}

	@Override
	public Begun begin() {
		Begun begun = new Begun();
		Greeting.begin(this.channel, new Answers(begun));
		return begun;
	}

	@Override
	public Begun stream() {
		Begun begun = new Begun();
		Greeting.stream(this.channel, new Answers(begun));
		return begun;
	}

	@Override
	public Begun webSocket() {
		throw new UnsupportedOperationException();
	}

	@Override
	public void close() {
		this.channel.shutdownNow();
	}

	private record Answers(Begun begun) implements StreamObserver<String> {

		@Override
		public void onNext(String answer) {
			this.begun.received();
		}

		@Override
		public void onError(Throwable failure) {
			this.begun.end().completeExceptionally(failure);
		}

		@Override
		public void onCompleted() {
			this.begun.end().complete("hello");
		}

	}

}
