package dev.psat.benchmarks.svid.grpc;

import java.security.KeyPair;

import javax.net.ssl.SSLException;

import com.google.protobuf.ByteString;
import com.google.protobuf.Message;
import dev.psat.benchmarks.svid.Assignment;
import dev.psat.benchmarks.svid.Candidate;
import dev.psat.spire.client.AuthorizedEntry;
import dev.psat.spire.client.ClientParts;
import dev.psat.spire.client.KeyType;
import dev.psat.spire.client.ServerAddress;
import dev.psat.spire.client.X509Svid;
import dev.psat.spire.client.proto.AttestAgentRequest;
import dev.psat.spire.client.proto.AttestAgentResponse;
import dev.psat.spire.client.proto.BatchNewX509SVIDRequest;
import dev.psat.spire.client.proto.BatchNewX509SVIDResponse;
import dev.psat.spire.client.proto.Bundle;
import dev.psat.spire.client.proto.GetAuthorizedEntriesRequest;
import dev.psat.spire.client.proto.GetAuthorizedEntriesResponse;
import dev.psat.spire.client.proto.GetBundleRequest;
import dev.psat.spire.client.proto.NewX509SVIDParams;
import io.grpc.CallOptions;
import io.grpc.ManagedChannel;
import io.grpc.MethodDescriptor;
import io.grpc.MethodDescriptor.MethodType;
import io.grpc.netty.GrpcSslContexts;
import io.grpc.netty.NettyChannelBuilder;
import io.grpc.protobuf.ProtoUtils;
import io.grpc.stub.ClientCalls;
import io.netty.handler.ssl.SslContextBuilder;

/**
 * Obtains an X.509-SVID by grpc-netty as it comes, with the TLS of the JDK. Keys, signing
 * requests and checks are those of {@code psat-spire-client}.
 */
public final class FirstSvidByGrpcNetty implements Candidate {

	private static final String TLS_1_3 = "TLSv1.3";

	/**
	 * Obtain an X.509-SVID.
	 * @param args see {@link Candidate}
	 * @throws Exception if there is none
	 */
	public static void main(String[] args) throws Exception {
		new FirstSvidByGrpcNetty().run(args);
	}

	@Override
	public X509Svid obtain(Assignment assignment) throws SSLException {
		ClientParts parts = new ClientParts(assignment.trustDomain(), assignment.trustBundle());
		SslContextBuilder tls = GrpcSslContexts.forClient().protocols(TLS_1_3);
		ManagedChannel anonymous = channel(assignment.server(), tls.trustManager(parts.trustManager()));
		parts.accept(call(anonymous, MethodType.UNARY, "spire.api.server.bundle.v1.Bundle/GetBundle",
				GetBundleRequest.getDefaultInstance(), Bundle.getDefaultInstance()));
		KeyPair agentKey = KeyType.EC_P256.generate();
		X509Svid agent = parts.agent(attest(anonymous, assignment.payload(), parts.request(agentKey)), agentKey);
		SslContextBuilder mutualTls = GrpcSslContexts.forClient()
			.protocols(TLS_1_3)
			.keyManager(parts.keyManager(agent, agentKey));
		ManagedChannel mutual = channel(assignment.server(), mutualTls.trustManager(parts.trustManager()));
		AuthorizedEntry entry = parts.entry(call(mutual, MethodType.UNARY,
				"spire.api.server.entry.v1.Entry/GetAuthorizedEntries",
				GetAuthorizedEntriesRequest.getDefaultInstance(), GetAuthorizedEntriesResponse.getDefaultInstance()));
		KeyPair key = KeyType.EC_P256.generate();
		return parts.svid(sign(mutual, entry.id(), parts.request(key)), key, entry);
	}

	private static AttestAgentResponse attest(ManagedChannel channel, byte[] payload, byte[] request) {
		AttestAgentRequest.Builder attestation = AttestAgentRequest.newBuilder();
		attestation.getParamsBuilder().getDataBuilder().setType("k8s_psat").setPayload(ByteString.copyFrom(payload));
		attestation.getParamsBuilder().getParamsBuilder().setCsr(ByteString.copyFrom(request));
		return call(channel, MethodType.BIDI_STREAMING, "spire.api.server.agent.v1.Agent/AttestAgent",
				attestation.build(), AttestAgentResponse.getDefaultInstance());
	}

	private static BatchNewX509SVIDResponse sign(ManagedChannel channel, String entry, byte[] request) {
		return call(channel, MethodType.UNARY, "spire.api.server.svid.v1.SVID/BatchNewX509SVID",
				BatchNewX509SVIDRequest.newBuilder()
					.addParams(NewX509SVIDParams.newBuilder().setEntryId(entry).setCsr(ByteString.copyFrom(request)))
					.build(),
				BatchNewX509SVIDResponse.getDefaultInstance());
	}

	private static ManagedChannel channel(ServerAddress server, SslContextBuilder tls) throws SSLException {
		return NettyChannelBuilder.forAddress(server.host(), server.port()).sslContext(tls.build()).build();
	}

	private static <Q extends Message, A extends Message> A call(ManagedChannel channel, MethodType type, String name,
			Q request, A prototype) {
		MethodDescriptor<Q, A> method = MethodDescriptor.<Q, A>newBuilder()
			.setType(type)
			.setFullMethodName(name)
			.setRequestMarshaller(ProtoUtils.marshaller(prototypeOf(request)))
			.setResponseMarshaller(ProtoUtils.marshaller(prototype))
			.build();
		return (type == MethodType.UNARY) ? ClientCalls.blockingUnaryCall(channel, method, CallOptions.DEFAULT, request)
				: ClientCalls.blockingServerStreamingCall(channel.newCall(method, CallOptions.DEFAULT), request).next();
	}

	@SuppressWarnings("unchecked")
	private static <Q extends Message> Q prototypeOf(Q request) {
		return (Q) request.getDefaultInstanceForType();
	}

}
