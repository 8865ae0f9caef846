package dev.psat.spire.client;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.security.KeyPair;
import java.security.cert.CertificateEncodingException;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Duration;
import java.time.ZoneOffset;
import java.util.List;

import com.google.protobuf.ByteString;
import com.google.protobuf.Empty;
import com.google.protobuf.UnknownFieldSet;
import dev.psat.spiffe.SpiffeId;
import dev.psat.spiffe.TestAuthority;
import dev.psat.spiffe.X509Svid;
import dev.psat.spire.test.proto.AttestAgentResponse;
import dev.psat.spire.test.proto.BatchNewX509SVIDResponse;
import dev.psat.spire.test.proto.Bundle;
import dev.psat.spire.test.proto.GetAuthorizedEntriesResponse;
import dev.psat.spire.test.proto.X509SVID;
import io.grpc.Status;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

/**
 * Tests for {@link SpireClient} and two replicas behind one name, the first of which
 * fails.
 */
class SpireClientReplicaTests {

	private static final String SERVER_ID = "spiffe://example.org/spire/server";

	private static final String AGENT_ID = "spiffe://example.org/spire/agent/k8s_psat/demo/pod/1";

	private static final String FAULTY = "127.0.0.2";

	private final TestAuthority authority = TestAuthority.root("Authority");

	private final KeyPair key = KeyType.EC_P256.generate();

	@AutoClose
	private final ScriptedServer healthy = new ScriptedServer(this.authority, SERVER_ID);

	private final int port = this.healthy.address().port();

	@AutoClose
	private final SpireClient client = SpireClient
		.builder(new ServerAddress("spire", this.port), TestAuthority.TRUST_DOMAIN, this.authority::bundle)
		.clock(Clock.fixed(TestAuthority.NOW, ZoneOffset.UTC))
		.callTimeout(Duration.ofSeconds(4))
		.resolver((name) -> GrpcTestServer.Addresses.of(FAULTY, "127.0.0.1"))
		.build();

	@BeforeEach
	void answer() throws Exception {
		answer(this.healthy);
	}

	private void answer(ScriptedServer server) throws CertificateEncodingException {
		server.answer(GrpcMethod.ATTEST_AGENT,
				AttestAgentResponse.newBuilder()
					.setResult(AttestAgentResponse.Result.newBuilder().setSvid(svid(AGENT_ID)))
					.build());
		server.answer(GrpcMethod.GET_BUNDLE,
				Bundle.newBuilder()
					.setTrustDomain("example.org")
					.addX509Authorities(dev.psat.spire.test.proto.X509Certificate.newBuilder()
						.setAsn1(ByteString.copyFrom(this.authority.certificate().getEncoded())))
					.build());
		server.answer(GrpcMethod.GET_AUTHORIZED_ENTRIES, GetAuthorizedEntriesResponse.getDefaultInstance());
		server.answer(GrpcMethod.BATCH_NEW_X509_SVID,
				BatchNewX509SVIDResponse.newBuilder()
					.addResults(BatchNewX509SVIDResponse.Result.newBuilder().setSvid(svid(TestAuthority.ORDERS)))
					.build());
	}

	private X509SVID svid(String id) throws CertificateEncodingException {
		X509Certificate certificate = this.authority.sign(TestAuthority.unsigned().uri(id).key(this.key.getPublic()));
		return X509SVID.newBuilder().addCertChain(ByteString.copyFrom(certificate.getEncoded())).build();
	}

	@ParameterizedTest
	@EnumSource(names = "SILENT", mode = EnumSource.Mode.EXCLUDE)
	void attestationReachesTheOtherReplica(Fault fault) throws Exception {
		try (AutoCloseable faulty = fault.at(this)) {
			reaches(fault, this::attest);
			assertThat(this.healthy.requests).hasSize(2);
		}
	}

	@ParameterizedTest
	@EnumSource
	void callOfAnAgentReachesTheOtherReplica(Fault fault) throws Exception {
		try (AutoCloseable faulty = fault.at(this); AgentConnection connection = connect()) {
			reaches(fault, connection::authorizedEntries);
			assertThat(this.healthy.requests).hasSize(2);
		}
	}

	@ParameterizedTest
	@EnumSource
	void whatFailedIsRememberedForOtherConnectionsOfTheClient(Fault fault) throws Exception {
		try (AutoCloseable faulty = fault.at(this)) {
			catchThrowableOfType(SpireException.class, this.client::trustBundle);
			attest();
			try (AgentConnection connection = connect()) {
				connection.authorizedEntries();
			}
			assertThat(this.healthy.requests).hasSizeGreaterThanOrEqualTo(2);
		}
	}

	/**
	 * A request that was sent is not sent to the other replica; the next one is.
	 */
	private static void reaches(Fault fault, ThrowingCallable call) throws Exception {
		SpireException failure = catchThrowableOfType(SpireException.class, call);
		if (fault.isBeforeTheRequest) {
			assertThat(failure).isNull();
		}
		else {
			assertThat(failure).as("the first call").isNotNull().hasMessageContaining(FAULTY);
		}
		try {
			call.call();
			if (!fault.isBeforeTheRequest) {
				call.call();
			}
		}
		catch (Exception ex) {
			throw ex;
		}
		catch (Throwable ex) {
			throw new IllegalStateException(ex);
		}
	}

	@Test
	void callIsRepeatedAtTheOtherReplicaOnceTheFirstOneSeemsDead() throws Exception {
		try (AutoCloseable faulty = Fault.SILENT.at(this); SpireClient patient = patient()) {
			long start = System.nanoTime();
			assertThat(patient.trustBundle().x509Authorities()).hasSize(1);
			assertThat(Duration.ofNanos(System.nanoTime() - start)).isGreaterThanOrEqualTo(Duration.ofMillis(4900));
			patient.attest("k8s_psat", new byte[] { 1 }, this.key);
			assertThat(this.healthy.requests).hasSize(2);
		}
	}

	@Test
	void statusOfASingleSvidIsAFailureOfTheServerToo() throws Exception {
		AuthorizedEntry entry = TestEntry.of("entry-1", SpiffeId.parse(TestAuthority.ORDERS));
		try (ScriptedServer faulty = replica(); AgentConnection connection = connect()) {
			faulty.answer(GrpcMethod.BATCH_NEW_X509_SVID,
					BatchNewX509SVIDResponse.newBuilder()
						.addResults(BatchNewX509SVIDResponse.Result.newBuilder()
							.setStatus(dev.psat.spire.test.proto.Status.newBuilder()
								.setCode(13)
								.setMessage("failed to sign X509-SVID")))
						.build());
			assertThat(
					catchThrowableOfType(SpireException.class, () -> connection.newX509Svid(entry, this.key)).reason())
				.isEqualTo(FailureReason.SIGNING_FAILED);
			assertThat(connection.newX509Svid(entry, this.key).spiffeId()).isEqualTo(entry.spiffeId());
		}
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|',
			textBlock = """
					RESOURCE_EXHAUSTED | rejecting request due to attest agent rate limiting
					PERMISSION_DENIED  | failed to attest: agent is banned
					INVALID_ARGUMENT   | nodeattestor(k8s_psat): not configured for cluster "demo"
					INTERNAL           | nodeattestor(k8s_psat): unable to validate token with TokenReview API: token review API response contains an error: invalid bearer token
					NOT_FOUND          | entry not found or not authorized
					""")
	void replicaThatRefusesIsNotEvaded(Status.Code code, String message) throws Exception {
		try (ScriptedServer strict = replica()) {
			strict.refuse(GrpcMethod.ATTEST_AGENT, code.toStatus().withDescription(message));
			for (int i = 0; i < 3; i++) {
				assertThat(catchThrowableOfType(SpireException.class, this::attest)).isNotNull();
			}
			assertThat(strict.requests).hasSize(3);
			assertThat(this.healthy.requests).isEmpty();
		}
	}

	@Test
	void replicaWithoutItsApiServerIsLeft() throws Exception {
		try (ScriptedServer faulty = replica()) {
			faulty.refuse(GrpcMethod.ATTEST_AGENT,
					Status.INTERNAL.withDescription("nodeattestor(k8s_psat): unable to validate token with TokenReview "
							+ "API: unable to query token review API: connection refused"));
			assertThat(catchThrowableOfType(SpireException.class, this::attest).reason())
				.isEqualTo(FailureReason.TOKEN_REVIEW_FAILED);
			attest();
			assertThat(this.healthy.requests).hasSize(1);
		}
	}

	/**
	 * Each time, the message itself is well-formed, and something within it is not.
	 */
	@Test
	void answerThatCannotBeReadWithinIsToldWithItsAddressAloneAndTheReplicaLeft() throws Exception {
		byte[] secret = "\n\u007fc2VjcmV0".getBytes(StandardCharsets.UTF_8);
		try (ScriptedServer faulty = replica(); AgentConnection connection = connect()) {
			faulty.answer(GrpcMethod.GET_AUTHORIZED_ENTRIES, withNested(1, secret));
			assertUnreadable(catchThrowableOfType(SpireException.class, connection::authorizedEntries));
			assertThat(connection.authorizedEntries()).isEmpty();
		}
		assertThat(this.healthy.requests).hasSize(1);
	}

	@Test
	void attestationThatCannotBeReadWithinIsToldWithoutWhatItHolds() throws Exception {
		byte[] secret = "\n\u007fc2VjcmV0".getBytes(StandardCharsets.UTF_8);
		try (ScriptedServer faulty = replica()) {
			faulty.answer(GrpcMethod.ATTEST_AGENT, withNested(1, secret));
			assertUnreadable(catchThrowableOfType(SpireException.class, this::attest));
		}
	}

	private static void assertUnreadable(SpireException failure) {
		assertThat(failure.reason()).isEqualTo(FailureReason.PROTOCOL_ERROR);
		assertThat(failure).hasMessageEndingWith("cannot be parsed, from 127.0.0.2").hasNoCause();
		StringWriter trace = new StringWriter();
		failure.printStackTrace(new PrintWriter(trace));
		assertThat(trace.toString()).doesNotContain("c2VjcmV0");
	}

	private static com.google.protobuf.Message withNested(int field, byte[] content) {
		return Empty.newBuilder()
			.setUnknownFields(UnknownFieldSet.newBuilder()
				.addField(field,
						UnknownFieldSet.Field.newBuilder().addLengthDelimited(ByteString.copyFrom(content)).build())
				.build())
			.build();
	}

	@Test
	void replicaThatFailedIsAskedAgainWhenTheOtherOneIsAway() throws Exception {
		try (ScriptedServer faulty = replica()) {
			faulty.refuse(GrpcMethod.GET_BUNDLE, Status.UNAVAILABLE.withDescription("datastore is down"));
			catchThrowableOfType(SpireException.class, this.client::trustBundle);
			this.healthy.close();
			SpireException failure = catchThrowableOfType(SpireException.class, this.client::trustBundle);
			assertThat(failure.reason()).isEqualTo(FailureReason.SERVER_ERROR);
			assertThat(failure).hasMessageContaining("at 127.0.0.2, after 127.0.0.1 (")
				.hasMessageContaining("datastore is down");
			answer(faulty);
			attest();
			assertThat(faulty.requests).hasSize(3);
		}
	}

	@Test
	void everyAddressIsNamedWhenNoneWillDo() throws Exception {
		try (ScriptedServer stranger = new ScriptedServer(TestAuthority.root("Other"), SERVER_ID, FAULTY, this.port)) {
			this.healthy.close();
			SpireException failure = catchThrowableOfType(SpireException.class, this::attest);
			assertThat(failure.reason()).isEqualTo(FailureReason.SERVER_NOT_TRUSTED);
			assertThat(failure).hasMessageStartingWith("spire:%d is not accepted: 127.0.0.2 (".formatted(this.port))
				.hasMessageContaining("), 127.0.0.1 (");
			assertThat(stranger.requests).isEmpty();
		}
	}

	@Test
	void serverThatFailsAloneIsNotCalledOnAConnectionForEachCall() throws Exception {
		try (SpireClient alone = SpireClient
			.builder(this.healthy.address(), TestAuthority.TRUST_DOMAIN, this.authority::bundle)
			.clock(Clock.fixed(TestAuthority.NOW, ZoneOffset.UTC))
			.build()) {
			this.healthy.refuse(GrpcMethod.GET_BUNDLE, Status.UNAVAILABLE);
			for (int i = 0; i < 20; i++) {
				catchThrowableOfType(SpireException.class, alone::trustBundle);
			}
			assertThat(this.healthy.connections()).isLessThan(10);
		}
	}

	/**
	 * Return a client that waits as long as clients usually do.
	 */
	private SpireClient patient() {
		return SpireClient
			.builder(new ServerAddress("spire", this.port), TestAuthority.TRUST_DOMAIN, this.authority::bundle)
			.clock(Clock.fixed(TestAuthority.NOW, ZoneOffset.UTC))
			.resolver((name) -> GrpcTestServer.Addresses.of(FAULTY, "127.0.0.1"))
			.build();
	}

	private ScriptedServer replica() throws CertificateEncodingException {
		ScriptedServer replica = new ScriptedServer(this.authority, SERVER_ID, FAULTY, this.port);
		answer(replica);
		return replica;
	}

	private X509Svid attest() {
		return this.client.attest("k8s_psat", new byte[] { 1 }, this.key);
	}

	private AgentConnection connect() {
		X509Certificate agent = this.authority.sign(TestAuthority.unsigned().uri(AGENT_ID).key(this.key.getPublic()));
		return this.client.connect(X509Svid.of(List.of(agent), null), this.key);
	}

	/**
	 * What is wrong with the first replica.
	 */
	enum Fault {

		REFUSES_CONNECTIONS(true) {

			@Override
			AutoCloseable at(SpireClientReplicaTests test) {
				return () -> {
				};
			}

		},

		NOT_TRUSTED(true) {

			@Override
			AutoCloseable at(SpireClientReplicaTests test) {
				return new ScriptedServer(TestAuthority.root("Other"), SERVER_ID, FAULTY, test.port);
			}

		},

		ENDS_CONNECTIONS(false) {

			@Override
			AutoCloseable at(SpireClientReplicaTests test) throws IOException {
				return RawServer.plain(FAULTY, test.port, new TlsTap(test.port, true));
			}

		},

		SILENT(false) {

			@Override
			AutoCloseable at(SpireClientReplicaTests test) {
				return new ScriptedServer(test.authority, SERVER_ID, FAULTY, test.port);
			}

		},

		UNAVAILABLE(false) {

			@Override
			AutoCloseable at(SpireClientReplicaTests test) {
				return refusing(test, Status.UNAVAILABLE.withDescription("datastore is down"));
			}

		},

		INTERNAL(false) {

			@Override
			AutoCloseable at(SpireClientReplicaTests test) {
				return refusing(test, Status.INTERNAL.withDescription("failed to fetch agent: database is locked"));
			}

		};

		private final boolean isBeforeTheRequest;

		Fault(boolean isBeforeTheRequest) {
			this.isBeforeTheRequest = isBeforeTheRequest;
		}

		abstract AutoCloseable at(SpireClientReplicaTests test) throws Exception;

		private static AutoCloseable refusing(SpireClientReplicaTests test, Status status) {
			ScriptedServer server = new ScriptedServer(test.authority, SERVER_ID, FAULTY, test.port);
			List.of(GrpcMethod.ATTEST_AGENT, GrpcMethod.GET_BUNDLE, GrpcMethod.GET_AUTHORIZED_ENTRIES)
				.forEach((method) -> server.refuse(method, status));
			return server;
		}

	}

}
