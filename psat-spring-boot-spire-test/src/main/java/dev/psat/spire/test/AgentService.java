package dev.psat.spire.test;

import java.math.BigInteger;
import java.security.PublicKey;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

import com.google.protobuf.Empty;
import dev.psat.spire.test.NodeAttestor.AttestedNode;
import dev.psat.spire.test.proto.AttestAgentRequest;
import dev.psat.spire.test.proto.AttestAgentResponse;
import dev.psat.spire.test.proto.PermissionDeniedDetails.Reason;
import dev.psat.spire.test.proto.PostStatusRequest;
import dev.psat.spire.test.proto.PostStatusResponse;
import io.grpc.ServerServiceDefinition;
import io.grpc.Status;
import io.grpc.stub.ServerCalls;
import io.grpc.stub.StreamObserver;

/**
 * The Agent API. Source of order, codes and wording: {@code api/agent/v1/service.go}. The
 * transcripts {@code attest}, {@code node-mode-attest}, {@code renew-refused},
 * {@code post-status}, {@code denied-banned-attest} and
 * {@code denied-no-such-attestor-attest} prove what they show; the answers to malformed
 * requests are modelled on source, not on a run.
 */
final class AgentService {

	private static final int LONGEST_VERSION = 255;

	private final String trustDomain;

	private final Clock clock;

	private final Duration agentTtl;

	private final NodeAttestor attestor;

	private final SimulatedAuthority authority;

	private final SimulatedAgents agents;

	private final ServerJournal journal;

	AgentService(String trustDomain, Clock clock, Duration agentTtl, NodeAttestor attestor,
			SimulatedAuthority authority, SimulatedAgents agents, ServerJournal journal) {
		this.trustDomain = trustDomain;
		this.clock = clock;
		this.agentTtl = agentTtl;
		this.attestor = attestor;
		this.authority = authority;
		this.agents = agents;
		this.journal = journal;
	}

	ServerServiceDefinition definition(AttestationQueue queue) {
		return ServerServiceDefinition.builder(SpireMethod.ATTEST_AGENT.service())
			.addMethod(SpireMethods.ATTEST_AGENT,
					ServerCalls.asyncBidiStreamingCall((answer) -> queue.enqueue(answer, this::attest)))
			.addMethod(SpireMethods.RENEW_AGENT, ServerCalls.asyncUnaryCall(this::renewAgent))
			.addMethod(SpireMethods.POST_STATUS, ServerCalls.asyncUnaryCall(this::postStatus))
			.build();
	}

	private AttestAgentResponse attest(AttestAgentRequest request) {
		AttestAgentRequest.Params params = check(request);
		AttestedNode node = this.attestor.attest(params.getData().getPayload().toByteArray());
		checkId(node.agentId());
		if (this.agents.isBanned(node.agentId())) {
			throw Statuses.of(Status.Code.PERMISSION_DENIED, "failed to attest: agent is banned");
		}
		PublicKey key = parseKey(params.getParams().getCsr().toByteArray());
		List<X509Certificate> chain = this.authority.active()
			.issue(key, node.agentId(), List.of(), this.clock.instant(), this.agentTtl);
		BigInteger serialNumber = chain.get(0).getSerialNumber();
		Instant expiresAt = chain.get(0).getNotAfter().toInstant();
		this.agents.attested(node.agentId(), serialNumber, expiresAt, node.selectors());
		AttestAgentResponse.Builder response = AttestAgentResponse.newBuilder();
		response.getResultBuilder().setSvid(SvidMessages.of(node.agentId(), chain)).setReattestable(true);
		return response.build();
	}

	private static AttestAgentRequest.Params check(AttestAgentRequest request) {
		AttestAgentRequest.Params params = request.getParams();
		require(request.hasParams(), "params");
		require(params.hasData(), "attestation data");
		require(params.hasParams(), "X509-SVID parameters");
		require(!params.getParams().getCsr().isEmpty(), "CSR");
		require(!params.getData().getType().isEmpty(), "attestation data type");
		require(!params.getData().getPayload().isEmpty(), "attestation data payload");
		if (!params.getData().getType().equals(NodeAttestor.TYPE)) {
			throw Statuses.of(Status.Code.FAILED_PRECONDITION,
					"error getting node attestor: could not find node attestor type \"" + params.getData().getType()
							+ "\"");
		}
		return params;
	}

	private static void require(boolean there, String what) {
		if (!there) {
			throw Statuses.of(Status.Code.INVALID_ARGUMENT, "malformed param: missing " + what);
		}
	}

	private void checkId(String agentId) {
		if (!SpiffeIds.isWellFormed(agentId)) {
			throw Statuses.of(Status.Code.INTERNAL, "invalid agent ID: " + SpiffeIds.MALFORMED);
		}
		if (agentId.equals(SpiffeIds.server(this.trustDomain))) {
			throw Statuses.of(Status.Code.INTERNAL, "agent ID cannot collide with the server ID");
		}
	}

	private static PublicKey parseKey(byte[] request) {
		try {
			// The server does not verify the signature of this request
			return SignedRequest.parse(request).publicKey();
		}
		catch (IllegalArgumentException ex) {
			throw Statuses.of(Status.Code.INVALID_ARGUMENT, "failed to parse CSR: " + ex.getMessage());
		}
	}

	private void renewAgent(Empty request, StreamObserver<Empty> answer) {
		answer.onError(Statuses.denied("agent must reattest instead of renew", Reason.AGENT_MUST_REATTEST));
	}

	private void postStatus(PostStatusRequest request, StreamObserver<PostStatusResponse> answer) {
		if (request.getAgentVersion().length() > LONGEST_VERSION) {
			answer.onError(Statuses.of(Status.Code.INVALID_ARGUMENT, "agent version is too long (max 255 characters)"));
			return;
		}
		this.journal.agentVersion(request.getAgentVersion());
		answer.onNext(PostStatusResponse.getDefaultInstance());
		answer.onCompleted();
	}

}
