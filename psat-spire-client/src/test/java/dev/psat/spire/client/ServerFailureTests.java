package dev.psat.spire.client;

import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

import com.google.protobuf.Any;
import com.google.protobuf.ByteString;
import dev.psat.spiffe.Transcripts;
import dev.psat.spire.test.proto.PermissionDeniedDetails;
import dev.psat.spire.test.proto.rpc.Status;
import dev.psat.spire.wire.internal.GrpcStatus;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link ServerFailure}, with statuses of a real server and from its source.
 */
class ServerFailureTests {

	private static final Map<String, Integer> CODES = Map.of("InvalidArgument", 3, "NotFound", 5, "PermissionDenied", 7,
			"ResourceExhausted", 8, "FailedPrecondition", 9, "Unimplemented", 12, "Internal", 13, "Unauthenticated",
			16);

	private static final Map<String, FailureReason> RECORDED = Map.ofEntries(
			Map.entry("renew-refused", FailureReason.AGENT_MUST_REATTEST),
			Map.entry("entries-evicted", FailureReason.AGENT_NOT_ACTIVE),
			Map.entry("banned-entries-after", FailureReason.AGENT_BANNED),
			Map.entry("deleted-entries-after", FailureReason.AGENT_NOT_ATTESTED),
			Map.entry("denied-service-account-attest", FailureReason.SERVICE_ACCOUNT_NOT_ALLOWED),
			Map.entry("denied-unknown-cluster-attest", FailureReason.CLUSTER_UNKNOWN),
			Map.entry("denied-garbage-token-attest", FailureReason.TOKEN_REVIEW_FAILED),
			Map.entry("denied-empty-token-attest", FailureReason.TOKEN_MISSING),
			Map.entry("denied-empty-cluster-attest", FailureReason.CLUSTER_MISSING),
			Map.entry("denied-broken-payload-attest", FailureReason.PAYLOAD_MALFORMED),
			Map.entry("denied-no-such-attestor-attest", FailureReason.ATTESTOR_MISSING),
			Map.entry("denied-bad-signature-attest", FailureReason.TOKEN_REVIEW_FAILED),
			Map.entry("denied-wrong-audience-attest", FailureReason.TOKEN_REVIEW_FAILED),
			Map.entry("denied-pod-deleted-attest", FailureReason.TOKEN_REVIEW_FAILED),
			Map.entry("denied-banned-attest", FailureReason.AGENT_BANNED));

	@ParameterizedTest
	@MethodSource("failedSteps")
	void recordedFailureIsRecognized(Transcripts.Step step) {
		SpireException failure = ServerFailure.of("127.0.0.1",
				new GrpcStatus(CODES.getOrDefault(step.code(), 0), step.message(), step.details()));
		assertThat(RECORDED).containsEntry(step.name(), failure.reason());
		assertThat(failure).hasMessageContaining(step.message());
	}

	@Test
	void everyRecordedFailureIsExpected() {
		assertThat(failedSteps()).extracting(Transcripts.Step::name)
			.containsExactlyInAnyOrderElementsOf(RECORDED.keySet());
	}

	static Stream<Transcripts.Step> failedSteps() {
		return Transcripts.steps().stream().filter((step) -> !step.isOk());
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', quoteCharacter = '`',
			textBlock = """
					 8 | rejecting request due to attest agent rate limiting: rate: Wait(n=1) would exceed context deadline | RATE_LIMITED
					 3 | failed to receive request from stream: EOF                                                  | INVALID_REQUEST
					 3 | malformed param: missing params                                                             | INVALID_REQUEST
					 3 | malformed param: missing attestation data                                                   | INVALID_REQUEST
					 3 | malformed param: missing X509-SVID parameters                                               | INVALID_REQUEST
					 3 | malformed param: missing CSR                                                                | INVALID_REQUEST
					 3 | malformed param: missing attestation data type                                              | INVALID_REQUEST
					 3 | malformed param: missing attestation data payload                                           | INVALID_REQUEST
					 9 | error getting node attestor: could not find node attestor type "k8s_psat"                   | ATTESTOR_MISSING
					 9 | nodeattestor(k8s_psat): not configured                                                      | ATTESTOR_NOT_CONFIGURED
					 3 | nodeattestor(k8s_psat): missing attestation payload                                         | PAYLOAD_MALFORMED
					 3 | nodeattestor(k8s_psat): failed to unmarshal data payload: unexpected end of JSON input      | PAYLOAD_MALFORMED
					 3 | nodeattestor(k8s_psat): missing cluster in attestation data                                 | CLUSTER_MISSING
					 3 | nodeattestor(k8s_psat): missing token in attestation data                                   | TOKEN_MISSING
					 3 | nodeattestor(k8s_psat): not configured for cluster "c"                                      | CLUSTER_UNKNOWN
					13 | nodeattestor(k8s_psat): unable to validate token with TokenReview API: invalid bearer token | TOKEN_REVIEW_FAILED
					 7 | nodeattestor(k8s_psat): token not authenticated according to TokenReview API                | TOKEN_NOT_AUTHENTICATED
					13 | nodeattestor(k8s_psat): fail to parse username from token review status: empty username     | TOKEN_NOT_OF_SERVICE_ACCOUNT
					13 | nodeattestor(k8s_psat): failed to parse username from token review status for cluster "c": missing namespace | TOKEN_NOT_OF_SERVICE_ACCOUNT
					 7 | nodeattestor(k8s_psat): "a:b" is not an allowed service account                             | SERVICE_ACCOUNT_NOT_ALLOWED
					13 | nodeattestor(k8s_psat): fail to get pod name from token review status: missing pod name     | TOKEN_NOT_BOUND_TO_POD
					13 | nodeattestor(k8s_psat): failed to get pod UID from token review status for cluster "c": missing pod UID | TOKEN_NOT_BOUND_TO_POD
					13 | nodeattestor(k8s_psat): fail to get pod from k8s API server: not found                      | POD_NOT_READABLE
					 7 | nodeattestor(k8s_psat): pod UID mismatch for pod "p" in cluster "c": token bound to pod UID "u" | POD_REPLACED
					13 | nodeattestor(k8s_psat): failed to get node from k8s API server for cluster "c": empty node name | NODE_NOT_READABLE
					13 | nodeattestor(k8s_psat): node UID is empty for cluster "c"                                   | NODE_NOT_READABLE
					13 | invalid agent ID: path segment characters are limited to letters, numbers, dots, dashes, and underscores | AGENT_ID_INVALID
					13 | agent ID cannot collide with the server ID                                                  | AGENT_ID_INVALID
					13 | failed to fetch agent: database is locked                                                   | DATASTORE_FAILED
					13 | failed to update selectors                                                                  | DATASTORE_FAILED
					13 | failed to create attested agent                                                             | DATASTORE_FAILED
					13 | failed to update attested agent                                                             | DATASTORE_FAILED
					13 | unable to look up agent information: database is locked                                     | DATASTORE_FAILED
					13 | unable to activate the new agent SVID: database is locked                                   | DATASTORE_FAILED
					 3 | failed to parse CSR: asn1: structure error                                                  | INVALID_REQUEST
					13 | failed to sign X509 SVID: X509 CA is not available for signing                              | SIGNING_FAILED
					13 | failed to sign X509-SVID                                                                    | SIGNING_FAILED
					 7 | failed to attest: agent is banned                                                           | AGENT_BANNED
					 7 | authorization denied for method /spire.api.server.entry.v1.Entry/GetAuthorizedEntries       | PERMISSION_DENIED
					 7 | authorization denied for method /spire.api.server.agent.v1.Agent/PostStatus                 | PERMISSION_DENIED
					16 | client certificate has more than one URI SAN                                                | UNAUTHENTICATED
					 5 | entry not found or not authorized                                                           | ENTRY_NOT_FOUND
					 5 | bundle not found                                                                            | TRUST_BUNDLE_NOT_FOUND
					 5 | agent not found                                                                             | AGENT_NOT_ATTESTED
					12 | JWT functionality is disabled                                                               | JWT_DISABLED
					12 | unknown service spire.api.server.agent.v1.Agent                                             | UNIMPLEMENTED
					 4 | context deadline exceeded                                                                   | TIMED_OUT
					13 | entry has malformed SPIFFE ID                                                               | SERVER_ERROR
					 2 | rate limit fails                                                                            | SERVER_ERROR
					14 | whatever                                                                                    | SERVER_ERROR
					99 | a code that is none                                                                         | SERVER_ERROR
					""")
	void messageOfTheSourceIsRecognized(int code, String message, FailureReason reason) {
		assertThat(ServerFailure.of("127.0.0.1", new GrpcStatus(code, message, new byte[0])).reason())
			.isEqualTo(reason);
	}

	@ParameterizedTest
	@CsvSource({ "1, AGENT_EXPIRED", "2, AGENT_NOT_ATTESTED", "3, AGENT_NOT_ACTIVE", "4, AGENT_BANNED",
			"5, AGENT_MUST_REATTEST", "0, PERMISSION_DENIED", "77, PERMISSION_DENIED" })
	void detailsDecide(int value, FailureReason reason) {
		PermissionDeniedDetails details = PermissionDeniedDetails.newBuilder().setReasonValue(value).build();
		byte[] status = Status.newBuilder()
			.addDetails(Any.pack(Status.getDefaultInstance()))
			.addDetails(Any.pack(details))
			.build()
			.toByteArray();
		assertThat(
				ServerFailure.of("127.0.0.1", new GrpcStatus(7, "authorization denied for method /m", status)).reason())
			.isEqualTo(reason);
	}

	@Test
	void brokenDetailsAreNone() {
		byte[] broken = Status.newBuilder()
			.addDetails(Any.newBuilder()
				.setTypeUrl("type.googleapis.com/spire.api.types.PermissionDeniedDetails")
				.setValue(ByteString.copyFrom(new byte[] { 8 })))
			.build()
			.toByteArray();
		for (byte[] details : List.of(broken, new byte[] { 10, 127 }, new byte[] { -1, -1 })) {
			assertThat(ServerFailure.of("127.0.0.1", new GrpcStatus(7, "failed to attest: agent is banned", details))
				.reason()).isEqualTo(FailureReason.AGENT_BANNED);
		}
	}

	@Test
	void messageIsOneLineOfBoundedLength() {
		assertThat(ServerFailure.of("127.0.0.1", new GrpcStatus(13, "a\r\nb\u001b[31m", new byte[0])))
			.hasMessageEndingWith("code 13: a  b [31m");
		assertThat(ServerFailure.of("127.0.0.1", new GrpcStatus(13, "x".repeat(100_000), new byte[0])).getMessage())
			.hasSizeLessThan(1100);
		assertThat(ServerFailure.of("127.0.0.1", new GrpcStatus(13, "x".repeat(1025), new byte[0])))
			.hasMessageEndingWith("x...");
		assertThat(ServerFailure.of("127.0.0.1", new GrpcStatus(13, "x".repeat(1024), new byte[0])))
			.hasMessageEndingWith("x");
		assertThat(
				ServerFailure.of("127.0.0.1", new GrpcStatus(13, "a\u2028b\u2029c\u0085d\u202ee\ud800f", new byte[0])))
			.hasMessageEndingWith("code 13: a b c d e f");
		assertThat(ServerFailure.of("127.0.0.1", new GrpcStatus(13, "nœud \ud83d\ude80 prêt", new byte[0])))
			.hasMessageEndingWith("code 13: nœud \ud83d\ude80 prêt");
		assertThat(ServerFailure.of("127.0.0.1", new GrpcStatus(13, "", new byte[0])))
			.hasMessageEndingWith("code 13: (no message)");
	}

}
