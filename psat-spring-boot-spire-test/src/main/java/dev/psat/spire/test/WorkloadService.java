package dev.psat.spire.test;

import java.time.Clock;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;

import com.google.protobuf.ListValue;
import com.google.protobuf.Message;
import com.google.protobuf.NullValue;
import com.google.protobuf.Struct;
import com.google.protobuf.Value;
import dev.psat.spire.test.SimulatedEntries.CachedEntry;
import dev.psat.spire.test.proto.WorkloadProto.JWTSVID;
import dev.psat.spire.test.proto.WorkloadProto.JWTSVIDRequest;
import dev.psat.spire.test.proto.WorkloadProto.JWTSVIDResponse;
import dev.psat.spire.test.proto.WorkloadProto.ValidateJWTSVIDRequest;
import dev.psat.spire.test.proto.WorkloadProto.ValidateJWTSVIDResponse;
import io.grpc.ServerServiceDefinition;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.ServerCalls;
import io.grpc.stub.StreamObserver;
import tools.jackson.databind.JsonNode;

import org.springframework.util.Assert;

/**
 * The Workload API. Source of order, codes and wording: {@code workload/handler.go}.
 */
final class WorkloadService {

	/** What an agent passes on of a token of another trust domain. */
	private static final Set<String> FOREIGN_CLAIMS = Set.of("sub", "exp", "aud");

	private final String trustDomain;

	private final Clock clock;

	private final SimulatedAgent agent;

	private final AgentJwtSvids jwtSvids;

	WorkloadService(String trustDomain, Clock clock, SimulatedAgent agent, AgentJwtSvids jwtSvids) {
		this.trustDomain = trustDomain;
		this.clock = clock;
		this.agent = agent;
		this.jwtSvids = jwtSvids;
	}

	ServerServiceDefinition definition() {
		return ServerServiceDefinition.builder(WorkloadMethod.SERVICE)
			.addMethod(WorkloadMethods.FETCH_X509_SVID,
					ServerCalls
						.asyncServerStreamingCall((request, answers) -> open(WorkloadMethod.FETCH_X509_SVID, answers)))
			.addMethod(WorkloadMethods.FETCH_X509_BUNDLES,
					ServerCalls.asyncServerStreamingCall(
							(request, answers) -> open(WorkloadMethod.FETCH_X509_BUNDLES, answers)))
			.addMethod(WorkloadMethods.FETCH_JWT_SVID, ServerCalls.asyncUnaryCall(this::fetchJwtSvid))
			.addMethod(WorkloadMethods.FETCH_JWT_BUNDLES,
					ServerCalls.asyncServerStreamingCall(
							(request, answers) -> open(WorkloadMethod.FETCH_JWT_BUNDLES, answers)))
			.addMethod(WorkloadMethods.VALIDATE_JWT_SVID, ServerCalls.asyncUnaryCall(this::validateJwtSvid))
			.build();
	}

	private void open(WorkloadMethod method, StreamObserver<byte[]> answers) {
		this.agent.open(method, (ServerCallStreamObserver<byte[]>) answers);
	}

	private void fetchJwtSvid(JWTSVIDRequest request, StreamObserver<byte[]> answer) {
		answer(answer, () -> jwtSvids(request));
	}

	private JWTSVIDResponse jwtSvids(JWTSVIDRequest request) {
		if (request.getAudienceCount() == 0) {
			throw Statuses.of(Status.Code.INVALID_ARGUMENT, "audience must be specified");
		}
		String wanted = request.getSpiffeId();
		checkWellFormed(wanted);
		List<EntrySpec> entries = this.agent.entries()
			.stream()
			.map(CachedEntry::entry)
			.filter((entry) -> wanted.isEmpty() || wanted.equals(entry.spiffeId()))
			.toList();
		if (entries.isEmpty()) {
			throw SimulatedAgent.NO_IDENTITY.asRuntimeException();
		}
		JWTSVIDResponse.Builder response = JWTSVIDResponse.newBuilder();
		for (EntrySpec entry : entries) {
			response.addSvids(JWTSVID.newBuilder()
				.setSpiffeId(entry.spiffeId())
				.setSvid(this.jwtSvids.issue(entry, request.getAudienceList()))
				.setHint(entry.hint()));
		}
		return response.build();
	}

	private static void checkWellFormed(String wanted) {
		try {
			if (!wanted.isEmpty()) {
				Assert.isTrue(wanted.startsWith("spiffe://"), "scheme is missing or invalid");
				SpiffeIds.trustDomain(wanted);
			}
		}
		catch (IllegalArgumentException ex) {
			throw Statuses.of(Status.Code.INVALID_ARGUMENT, "invalid requested SPIFFE ID: " + ex.getMessage());
		}
	}

	private void validateJwtSvid(ValidateJWTSVIDRequest request, StreamObserver<byte[]> answer) {
		answer(answer, () -> validated(request));
	}

	private ValidateJWTSVIDResponse validated(ValidateJWTSVIDRequest request) {
		if (request.getAudience().isEmpty()) {
			throw Statuses.of(Status.Code.INVALID_ARGUMENT, "audience must be specified");
		}
		if (request.getSvid().isEmpty()) {
			throw Statuses.of(Status.Code.INVALID_ARGUMENT, "svid must be specified");
		}
		WorkloadUpdate update = this.agent.update();
		Map<String, AgentBundle> bundles = new HashMap<>(update.federated());
		bundles.put(this.trustDomain, update.bundle());
		try {
			JsonNode claims = new JwtSvidVerifier(bundles, this.clock.instant()).verify(request.getSvid(),
					request.getAudience());
			String spiffeId = claims.get("sub").asString();
			boolean own = SpiffeIds.trustDomain(spiffeId).equals(this.trustDomain);
			return ValidateJWTSVIDResponse.newBuilder()
				.setSpiffeId(spiffeId)
				.setClaims(withAudiences(toStruct(claims, own)))
				.build();
		}
		catch (IllegalArgumentException ex) {
			throw Statuses.of(Status.Code.INVALID_ARGUMENT, String.valueOf(ex.getMessage()));
		}
	}

	private static Struct toStruct(JsonNode claims, boolean own) {
		Struct.Builder struct = Struct.newBuilder();
		claims.properties()
			.stream()
			.filter((claim) -> own || FOREIGN_CLAIMS.contains(claim.getKey()))
			.forEach((claim) -> struct.putFields(claim.getKey(), toValue(claim.getValue())));
		return struct.build();
	}

	/**
	 * Make a list of a single audience, as an agent does.
	 */
	private static Struct withAudiences(Struct claims) {
		Value audience = claims.getFieldsOrDefault("aud", Value.getDefaultInstance());
		return audience.hasStringValue() ? claims.toBuilder()
			.putFields("aud", Value.newBuilder().setListValue(ListValue.newBuilder().addValues(audience)).build())
			.build() : claims;
	}

	private static Value toValue(JsonNode node) {
		Value.Builder value = Value.newBuilder();
		if (node.isArray()) {
			ListValue.Builder list = ListValue.newBuilder();
			node.forEach((each) -> list.addValues(toValue(each)));
			return value.setListValue(list).build();
		}
		if (node.isObject()) {
			return value.setStructValue(toStruct(node, true)).build();
		}
		if (node.isNumber()) {
			return value.setNumberValue(node.asDouble()).build();
		}
		if (node.isBoolean()) {
			return value.setBoolValue(node.asBoolean()).build();
		}
		return node.isNull() ? value.setNullValue(NullValue.NULL_VALUE).build()
				: value.setStringValue(node.asString()).build();
	}

	private static void answer(StreamObserver<byte[]> observer, Supplier<Message> answer) {
		Message message;
		try {
			message = answer.get();
		}
		catch (StatusRuntimeException ex) {
			observer.onError(ex);
			return;
		}
		observer.onNext(message.toByteArray());
		observer.onCompleted();
	}

}
