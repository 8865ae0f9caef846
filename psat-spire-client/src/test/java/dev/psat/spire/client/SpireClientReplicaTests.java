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
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

import com.google.protobuf.ByteString;
import com.google.protobuf.Empty;
import com.google.protobuf.UnknownFieldSet;
import dev.psat.spiffe.SpiffeId;
import dev.psat.spiffe.TestAuthority;
import dev.psat.spiffe.TrustBundle;
import dev.psat.spiffe.X509Svid;
import dev.psat.spire.test.proto.AttestAgentResponse;
import dev.psat.spire.test.proto.BatchNewX509SVIDResponse;
import dev.psat.spire.test.proto.Bundle;
import dev.psat.spire.test.proto.GetAuthorizedEntriesResponse;
import dev.psat.spire.test.proto.X509SVID;
import dev.psat.spire.wire.internal.TestTime;
import dev.psat.support.Patience;
import io.grpc.Status;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;

/**
 * Tests for {@link SpireClient} and two replicas behind one name, the first of which
 * fails.
 */
@Timeout(Patience.SECONDS)
class SpireClientReplicaTests {

	private static final String SERVER_ID = "spiffe://example.org/spire/server";

	private static final String AGENT_ID = "spiffe://example.org/spire/agent/k8s_psat/demo/pod/1";

	private static final String FAULTY = "127.0.0.2";

	/** Less than it takes until a silent server seems dead. */
	private static final Duration TIMEOUT = Duration.ofSeconds(4);

	private static final Duration SETTLING = Duration.ofMillis(200);

	private final TestTime time = new TestTime();

	private final TestAuthority authority = TestAuthority.root("Authority");

	private final KeyPair key = KeyType.EC_P256.generate();

	@AutoClose
	private final ScriptedServer healthy = new ScriptedServer(this.authority, SERVER_ID);

	private final int port = this.healthy.address().port();

	@AutoClose
	private final SpireClient client = client().callTimeout(TIMEOUT).build();

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
			reaches(fault, () -> attest(this.client));
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
			failure(fault, this.client::trustBundle);
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
	private void reaches(Fault fault, Runnable call) throws Exception {
		SpireException failure = failure(fault, call);
		if (fault.isBeforeTheRequest) {
			assertThat(failure).isNull();
		}
		else {
			assertThat(failure).as("the first call").isNotNull().hasMessageContaining(FAULTY);
			call.run();
		}
		call.run();
	}

	private @Nullable SpireException failure(Fault fault, Runnable call) throws Exception {
		CompletableFuture<Optional<SpireException>> failure = this.time
			.call(() -> Optional.ofNullable(catchThrowableOfType(SpireException.class, call::run)));
		if (fault == Fault.SILENT) {
			this.time.awaitWait(SETTLING);
			this.time.passInVain(TIMEOUT);
		}
		else if (isLost(failure)) {
			this.time.passInVain(TIMEOUT);
		}
		return failure.get(Patience.SECONDS, TimeUnit.SECONDS).orElse(null);
	}

	/**
	 * The JDK's client never completes some calls whose connection ends meanwhile. Then
	 * their time-out does, which one that is only slow survives just as well.
	 */
	private static boolean isLost(CompletableFuture<?> call) throws Exception {
		try {
			call.get(30, TimeUnit.SECONDS);
			return false;
		}
		catch (TimeoutException ex) {
			return true;
		}
	}

	@Test
	void callIsRepeatedAtTheOtherReplicaOnceTheFirstOneSeemsDead() throws Exception {
		try (ScriptedServer faulty = silent(); SpireClient patient = client().build()) {
			CompletableFuture<TrustBundle> bundle = this.time.call(patient::trustBundle);
			await().until(() -> faulty.requests.size() == 1);
			this.time.passInVain(LateAnswers.FIRST_SILENCE);
			// the probe
			await().until(() -> faulty.requests.size() == 2);
			this.time.passInVain(LateAnswers.JUDGEMENT.minusMillis(1));
			assertThat(this.healthy.requests).isEmpty();
			this.time.passInVain(Duration.ofMillis(1));
			assertThat(bundle).succeedsWithin(Patience.LIMIT)
				.satisfies((answer) -> assertThat(answer.x509Authorities()).hasSize(1));
			attest(patient);
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
			.time(this.time)
			.clock(Clock.fixed(TestAuthority.NOW, ZoneOffset.UTC))
			.timeouts(TestTimeouts.usual())
			.build()) {
			this.healthy.refuse(GrpcMethod.GET_BUNDLE, Status.UNAVAILABLE);
			for (int i = 0; i < 20; i++) {
				catchThrowableOfType(SpireException.class, alone::trustBundle);
			}
			assertThat(this.healthy.connections()).isEqualTo(2);
			this.time.passInVain(Duration.ofSeconds(1));
			for (int i = 0; i < 20; i++) {
				catchThrowableOfType(SpireException.class, alone::trustBundle);
			}
			assertThat(this.healthy.connections()).isEqualTo(3);
		}
	}

	private SpireClient.Builder client() {
		return SpireClient
			.builder(new ServerAddress("spire", this.port), TestAuthority.TRUST_DOMAIN, this.authority::bundle)
			.time(this.time)
			.clock(Clock.fixed(TestAuthority.NOW, ZoneOffset.UTC))
			.timeouts(TestTimeouts.usual())
			.resolver((name) -> GrpcTestServer.Addresses.of(FAULTY, "127.0.0.1"));
	}

	private ScriptedServer silent() {
		return new ScriptedServer(this.authority, SERVER_ID, FAULTY, this.port);
	}

	private ScriptedServer replica() throws CertificateEncodingException {
		ScriptedServer replica = new ScriptedServer(this.authority, SERVER_ID, FAULTY, this.port);
		answer(replica);
		return replica;
	}

	private X509Svid attest() {
		return attest(this.client);
	}

	private X509Svid attest(SpireClient client) {
		return client.attest("k8s_psat", new byte[] { 1 }, this.key);
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
				return test.silent();
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
