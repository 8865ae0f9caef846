package dev.psat.spire.test;

import java.nio.charset.StandardCharsets;
import java.security.KeyPair;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;

import javax.net.ssl.SSLException;

import com.google.protobuf.ByteString;
import dev.psat.spire.test.proto.AttestAgentRequest;
import dev.psat.spire.test.proto.AttestAgentResponse;
import dev.psat.spire.test.proto.BatchNewX509SVIDRequest;
import dev.psat.spire.test.proto.BatchNewX509SVIDResponse;
import dev.psat.spire.test.proto.Bundle;
import dev.psat.spire.test.proto.Entry;
import dev.psat.spire.test.proto.GetAuthorizedEntriesRequest;
import dev.psat.spire.test.proto.GetBundleRequest;
import dev.psat.spire.test.proto.GetFederatedBundleRequest;
import dev.psat.spire.test.proto.NewX509SVIDParams;
import dev.psat.support.Patience;
import io.grpc.CallOptions;
import io.grpc.ClientCall;
import io.grpc.ManagedChannel;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.GrpcSslContexts;
import io.grpc.netty.NettyChannelBuilder;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.StreamObserver;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;
import org.jspecify.annotations.Nullable;

import static org.assertj.core.api.Assertions.catchThrowableOfType;

/**
 * A plain client of grpc-netty, one channel, with an agent SVID or without.
 */
final class TestClient implements AutoCloseable {

	private static final String LOCALHOST = "127.0.0.1";

	private static final long DEADLINE_SECONDS = Patience.SECONDS;

	private final ServerTrust trust = new ServerTrust();

	private final ManagedChannel channel;

	private TestClient(SimulatedSpireServer server, String host, @Nullable TestSvid svid, String protocol) {
		SslContextBuilder tls = SslContextBuilder.forClient().trustManager(this.trust).protocols(protocol);
		if (svid != null) {
			tls.keyManager(svid.keys().getPrivate(), svid.chain().toArray(X509Certificate[]::new));
		}
		try {
			this.channel = NettyChannelBuilder.forAddress(host, server.port())
				.sslContext(GrpcSslContexts.configure(tls, SslProvider.JDK).build())
				.build();
		}
		catch (SSLException ex) {
			throw new IllegalStateException(ex);
		}
	}

	static TestClient anonymous(SimulatedSpireServer server) {
		return new TestClient(server, LOCALHOST, null, "TLSv1.3");
	}

	static TestClient anonymous(SimulatedSpireServer server, String host, String protocol) {
		return new TestClient(server, host, null, protocol);
	}

	static TestClient of(SimulatedSpireServer server, TestSvid svid) {
		return new TestClient(server, LOCALHOST, svid, "TLSv1.3");
	}

	static TestClient of(SimulatedSpireServer server, TestSvid svid, String protocol) {
		return new TestClient(server, LOCALHOST, svid, protocol);
	}

	static TestSvid attest(SimulatedSpireServer server, String token) {
		return attest(server, token, SimulatedSpireServerBuilder.CLUSTER);
	}

	static TestSvid attest(SimulatedSpireServer server, String token, String cluster) {
		KeyPair keys = Certificates.newKeyPair();
		try (TestClient client = anonymous(server)) {
			return TestSvid.of(keys, client.attest(request(payload(cluster, token), keys)).getResult().getSvid());
		}
	}

	static byte[] payload(String cluster, String token) {
		return ("{\"cluster\":\"" + cluster + "\",\"token\":\"" + token + "\"}").getBytes(StandardCharsets.UTF_8);
	}

	static AttestAgentRequest request(byte[] payload) {
		return request(payload, Certificates.newKeyPair());
	}

	private static AttestAgentRequest request(byte[] payload, KeyPair keys) {
		AttestAgentRequest.Builder request = AttestAgentRequest.newBuilder();
		request.getParamsBuilder().getDataBuilder().setType("k8s_psat").setPayload(ByteString.copyFrom(payload));
		request.getParamsBuilder().getParamsBuilder().setCsr(ByteString.copyFrom(TestCsr.of(keys)));
		return request.build();
	}

	AttestAgentResponse attest(AttestAgentRequest request) {
		return attest(request, CallOptions.DEFAULT.withDeadlineAfter(DEADLINE_SECONDS, TimeUnit.SECONDS));
	}

	AttestAgentResponse attest(AttestAgentRequest request, CallOptions options) {
		ClientCall<AttestAgentRequest, AttestAgentResponse> call = this.channel.newCall(SpireMethods.ATTEST_AGENT,
				options);
		return ClientCalls.blockingServerStreamingCall(call, request).next();
	}

	void startAttestation(AttestAgentRequest request) {
		ClientCalls.asyncServerStreamingCall(this.channel.newCall(SpireMethods.ATTEST_AGENT, CallOptions.DEFAULT),
				request, new StreamObserver<>() {

					@Override
					public void onNext(AttestAgentResponse response) {
						// of no interest
					}

					@Override
					public void onError(Throwable ex) {
						// of no interest
					}

					@Override
					public void onCompleted() {
						// of no interest
					}

				});
	}

	Bundle bundle() {
		return call(SpireMethods.GET_BUNDLE, GetBundleRequest.getDefaultInstance());
	}

	Bundle federatedBundle(String trustDomain) {
		return call(SpireMethods.GET_FEDERATED_BUNDLE,
				GetFederatedBundleRequest.newBuilder().setTrustDomain(trustDomain).build());
	}

	List<Entry> entries() {
		return call(SpireMethods.GET_AUTHORIZED_ENTRIES, GetAuthorizedEntriesRequest.getDefaultInstance())
			.getEntriesList();
	}

	BatchNewX509SVIDResponse.Result x509Svid(String entryId, byte[] csr) {
		NewX509SVIDParams params = NewX509SVIDParams.newBuilder()
			.setEntryId(entryId)
			.setCsr(ByteString.copyFrom(csr))
			.build();
		return call(SpireMethods.BATCH_NEW_X509_SVID, BatchNewX509SVIDRequest.newBuilder().addParams(params).build())
			.getResults(0);
	}

	TestSvid x509Svid(String entryId) {
		KeyPair keys = Certificates.newKeyPair();
		return TestSvid.of(keys, x509Svid(entryId, TestCsr.of(keys)).getSvid());
	}

	<R, A> A call(MethodDescriptor<R, A> method, R request) {
		return ClientCalls.blockingUnaryCall(this.channel, method,
				CallOptions.DEFAULT.withDeadlineAfter(DEADLINE_SECONDS, TimeUnit.SECONDS), request);
	}

	/**
	 * Send requests on a stream, and return the answers to all of them.
	 */
	@SafeVarargs
	final <R, A> List<A> stream(MethodDescriptor<R, A> method, R... requests) {
		CompletableFuture<List<A>> done = new CompletableFuture<>();
		List<A> answers = new CopyOnWriteArrayList<>();
		StreamObserver<R> call = ClientCalls.asyncBidiStreamingCall(
				this.channel.newCall(method, CallOptions.DEFAULT.withDeadlineAfter(DEADLINE_SECONDS, TimeUnit.SECONDS)),
				new StreamObserver<>() {

					@Override
					public void onNext(A answer) {
						answers.add(answer);
					}

					@Override
					public void onError(Throwable ex) {
						done.completeExceptionally(ex);
					}

					@Override
					public void onCompleted() {
						done.complete(answers);
					}

				});
		for (R request : requests) {
			call.onNext(request);
		}
		call.onCompleted();
		try {
			return done.join();
		}
		catch (CompletionException ex) {
			throw (ex.getCause() instanceof StatusRuntimeException failure) ? failure : ex;
		}
	}

	X509Certificate serverLeaf() {
		return this.trust.lastChain().get(0);
	}

	List<X509Certificate> serverChain() {
		return this.trust.lastChain();
	}

	static StatusRuntimeException failure(Runnable call) {
		return catchThrowableOfType(StatusRuntimeException.class, call::run);
	}

	static Status status(Runnable call) {
		return failure(call).getStatus();
	}

	@Override
	public void close() {
		this.channel.shutdownNow();
		try {
			this.channel.awaitTermination(DEADLINE_SECONDS, TimeUnit.SECONDS);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

}
