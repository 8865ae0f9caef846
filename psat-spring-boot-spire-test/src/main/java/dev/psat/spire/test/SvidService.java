package dev.psat.spire.test;

import java.security.cert.X509Certificate;
import java.time.Clock;
import java.util.List;

import dev.psat.spire.test.SimulatedEntries.CachedEntry;
import dev.psat.spire.test.proto.BatchNewX509SVIDRequest;
import dev.psat.spire.test.proto.BatchNewX509SVIDResponse;
import dev.psat.spire.test.proto.JWTSVID;
import dev.psat.spire.test.proto.NewJWTSVIDRequest;
import dev.psat.spire.test.proto.NewJWTSVIDResponse;
import dev.psat.spire.test.proto.NewX509SVIDParams;
import dev.psat.spire.test.proto.X509SVID;
import io.grpc.ServerServiceDefinition;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.ServerCalls;
import io.grpc.stub.StreamObserver;
import org.jspecify.annotations.Nullable;

/**
 * The SVID API. Source of order, codes and wording: {@code api/svid/v1/service.go}. The
 * transcripts {@code x509svid}, {@code x509svid-unknown-entry} and {@code jwtsvid} prove
 * what they show; the other refusals are modelled on source, not on a run.
 */
final class SvidService {

	private static final int LARGEST_BATCH = 500;

	private final String trustDomain;

	private final Clock clock;

	private final SvidLifetimes lifetimes;

	private final SimulatedEntries entries;

	private final SimulatedAuthority authority;

	private final @Nullable SimulatedJwtAuthority jwtAuthority;

	SvidService(String trustDomain, Clock clock, SvidLifetimes lifetimes, SimulatedEntries entries,
			SimulatedAuthority authority, @Nullable SimulatedJwtAuthority jwtAuthority) {
		this.trustDomain = trustDomain;
		this.clock = clock;
		this.lifetimes = lifetimes;
		this.entries = entries;
		this.authority = authority;
		this.jwtAuthority = jwtAuthority;
	}

	ServerServiceDefinition definition() {
		return ServerServiceDefinition.builder(SpireMethod.NEW_JWT_SVID.service())
			.addMethod(SpireMethods.BATCH_NEW_X509_SVID, ServerCalls.asyncUnaryCall(this::batchNewX509Svid))
			.addMethod(SpireMethods.NEW_JWT_SVID, ServerCalls.asyncUnaryCall(this::newJwtSvid))
			.build();
	}

	private void batchNewX509Svid(BatchNewX509SVIDRequest request, StreamObserver<BatchNewX509SVIDResponse> answer) {
		if (request.getParamsCount() == 0) {
			answer.onError(Statuses.of(Status.Code.INVALID_ARGUMENT, "missing parameters"));
			return;
		}
		if (request.getParamsCount() > LARGEST_BATCH) {
			answer.onError(Statuses.of(Status.Code.RESOURCE_EXHAUSTED,
					"rate: Wait(n=" + request.getParamsCount() + ") exceeds limiter's burst " + LARGEST_BATCH));
			return;
		}
		String agentId = Caller.KEY.get().requiredSpiffeId();
		BatchNewX509SVIDResponse.Builder response = BatchNewX509SVIDResponse.newBuilder();
		request.getParamsList().forEach((params) -> response.addResults(result(agentId, params)));
		answer.onNext(response.build());
		answer.onCompleted();
	}

	private BatchNewX509SVIDResponse.Result result(String agentId, NewX509SVIDParams params) {
		BatchNewX509SVIDResponse.Result.Builder result = BatchNewX509SVIDResponse.Result.newBuilder();
		try {
			X509SVID svid = newX509Svid(agentId, params);
			result.getStatusBuilder().setMessage("OK");
			result.setSvid(svid);
		}
		catch (StatusRuntimeException ex) {
			Status status = ex.getStatus();
			result.getStatusBuilder()
				.setCode(status.getCode().value())
				.setMessage(String.valueOf(status.getDescription()));
		}
		return result.build();
	}

	private X509SVID newX509Svid(String agentId, NewX509SVIDParams params) {
		if (params.getEntryId().isEmpty()) {
			throw Statuses.of(Status.Code.INVALID_ARGUMENT, "missing entry ID");
		}
		if (params.getCsr().isEmpty()) {
			throw Statuses.of(Status.Code.INVALID_ARGUMENT, "missing CSR");
		}
		EntrySpec entry = entry(agentId, params.getEntryId());
		SignedRequest request = parse(params.getCsr().toByteArray());
		if (!SpiffeIds.isOf(this.trustDomain, entry.spiffeId())) {
			throw Statuses.of(Status.Code.INTERNAL, "entry has malformed SPIFFE ID");
		}
		List<X509Certificate> chain = this.authority.active()
			.issue(request.publicKey(), entry.spiffeId(), entry.dnsNames(), this.clock.instant(),
					entry.x509SvidTtl(this.lifetimes));
		return SvidMessages.of(entry.spiffeId(), chain);
	}

	private static SignedRequest parse(byte[] encoded) {
		SignedRequest request;
		try {
			request = SignedRequest.parse(encoded);
		}
		catch (IllegalArgumentException ex) {
			throw Statuses.of(Status.Code.INVALID_ARGUMENT, "malformed CSR: " + ex.getMessage());
		}
		if (!request.isSignatureValid()) {
			throw Statuses.of(Status.Code.INVALID_ARGUMENT, "invalid CSR signature: x509: verification failure");
		}
		return request;
	}

	private void newJwtSvid(NewJWTSVIDRequest request, StreamObserver<NewJWTSVIDResponse> answer) {
		try {
			if (this.jwtAuthority == null) {
				throw Statuses.of(Status.Code.UNIMPLEMENTED, "JWT functionality is disabled");
			}
			EntrySpec entry = entry(Caller.KEY.get().requiredSpiffeId(), request.getEntryId());
			String fault = SpiffeIds.findFaultOfWorkload(this.trustDomain, entry.spiffeId());
			if (fault != null) {
				throw Statuses.of(Status.Code.INVALID_ARGUMENT, "invalid SPIFFE ID: " + fault);
			}
			if (request.getAudienceCount() == 0) {
				throw Statuses.of(Status.Code.INVALID_ARGUMENT, "at least one audience is required");
			}
			JWTSVID svid = this.jwtAuthority.active()
				.issue(entry.spiffeId(), request.getAudienceList(), entry.isJwtSvidIncludeJti(), this.clock.instant(),
						entry.jwtSvidTtl(this.lifetimes));
			answer.onNext(NewJWTSVIDResponse.newBuilder().setSvid(svid).build());
			answer.onCompleted();
		}
		catch (StatusRuntimeException ex) {
			answer.onError(ex);
		}
	}

	private EntrySpec entry(String agentId, String entryId) {
		CachedEntry entry = this.entries.find(agentId, entryId);
		if (entry == null) {
			throw Statuses.of(Status.Code.NOT_FOUND, "entry not found or not authorized");
		}
		return entry.entry();
	}

}
