package dev.psat.spire.test;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.ConnectException;
import java.net.SocketException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import dev.psat.spire.test.WorkloadTestClient.Stream;
import dev.psat.spire.test.proto.HealthCheckResponse.ServingStatus;
import dev.psat.spire.test.proto.WorkloadProto.X509SVID;
import dev.psat.spire.test.proto.WorkloadProto.X509SVIDResponse;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.awaitility.Awaitility.await;

/**
 * Tests for {@link WorkloadFaults}.
 */
class WorkloadFaultsTests {

	private static final String ORDERS = "spiffe://example.org/ns/shop/sa/orders";

	private static final String BILLING = "spiffe://example.org/ns/shop/sa/billing";

	@AutoClose
	private final SimulatedWorkloadApi api = SimulatedWorkloadApi.builder().backlog(1).entry(ORDERS).build();

	@AutoClose
	private final WorkloadTestClient client = WorkloadTestClient.of(this.api);

	private X509SVID untouched;

	@BeforeEach
	void readSvid() {
		Stream<X509SVIDResponse> stream = this.client.x509Svids();
		this.untouched = stream.next().getSvids(0);
		stream.cancel();
		await().until(() -> this.api.journal().openCalls(WorkloadMethod.FETCH_X509_SVID) == 0);
	}

	@Test
	void nextCallFailsAlone() {
		this.api.faults()
			.failNext(WorkloadMethod.FETCH_X509_SVID,
					Status.UNAVAILABLE.withDescription("rate limit exceeded for /SpiffeWorkloadAPI/FetchX509SVID"));
		Status status = this.client.x509Svids().end();
		assertThat(status.getCode()).isEqualTo(Status.Code.UNAVAILABLE);
		assertThat(status.getDescription()).isEqualTo("rate limit exceeded for /SpiffeWorkloadAPI/FetchX509SVID");
		assertThat(this.client.x509Svids().next().getSvidsCount()).isOne();
	}

	@Test
	void allCallsFailUntilTheyDoNot() {
		this.api.faults().failAll(WorkloadMethod.FETCH_X509_SVID, Status.INTERNAL);
		assertThat(this.client.x509Svids().end().getCode()).isEqualTo(Status.Code.INTERNAL);
		assertThat(this.client.x509Svids().end().getCode()).isEqualTo(Status.Code.INTERNAL);
		assertThat(this.client.jwtBundles().next().getBundlesMap()).isNotEmpty();
		this.api.faults().failAll(WorkloadMethod.FETCH_X509_SVID, null);
		assertThat(this.client.x509Svids().next().getSvidsCount()).isOne();
	}

	@Test
	void agentIsHealthyUnlessNobodyGetsX509Svids() {
		assertThat(this.client.health("")).isEqualTo(ServingStatus.SERVING);
		this.api.faults().failAll(WorkloadMethod.FETCH_X509_SVID, Status.UNAVAILABLE);
		assertThat(this.client.health("")).isEqualTo(ServingStatus.NOT_SERVING);
		this.api.faults().failAll(WorkloadMethod.FETCH_X509_SVID, Status.PERMISSION_DENIED);
		assertThat(this.client.health("")).isEqualTo(ServingStatus.SERVING);
		assertThat(TestClient.status(() -> this.client.health("SpiffeWorkloadAPI")).getCode())
			.isEqualTo(Status.Code.INVALID_ARGUMENT);
	}

	@Test
	void healthCheckNeedsNoHeader() {
		try (WorkloadTestClient stranger = WorkloadTestClient.withHeader(this.api)) {
			assertThat(stranger.health("")).isEqualTo(ServingStatus.SERVING);
		}
	}

	@Test
	void nextAnswerMayBeAnything() {
		this.api.faults().answerNext(WorkloadMethod.FETCH_X509_SVID, new byte[] { 10, 99, 1 });
		Stream<byte[]> stream = this.client.bytes(WorkloadMethod.FETCH_X509_SVID);
		byte[] message = stream.next();
		assertThatExceptionOfType(InvalidProtocolBufferException.class)
			.isThrownBy(() -> X509SVIDResponse.parseFrom(message));
		assertThat(stream.end().isOk()).isTrue();
	}

	@Test
	void openStreamMayGetAnything() {
		Stream<byte[]> stream = this.client.bytes(WorkloadMethod.FETCH_X509_SVID);
		stream.next();
		this.api.send(WorkloadMethod.FETCH_X509_SVID, new byte[] { 1, 2, 3 });
		assertThat(stream.next()).containsExactly(1, 2, 3);
		this.api.rotate();
		assertThat(stream.next()).hasSizeGreaterThan(3);
	}

	@Test
	void muteStreamGetsItsMessageLater() {
		this.api.faults().mute(true);
		Stream<X509SVIDResponse> stream = this.client.x509Svids();
		await().until(() -> this.api.journal().openCalls(WorkloadMethod.FETCH_X509_SVID) == 1);
		this.api.rotate();
		await().during(Duration.ofMillis(300)).until(stream::isQuiet);
		this.api.faults().mute(false);
		assertThat(stream.next().getSvids(0).getX509Svid()).isNotEqualTo(this.untouched.getX509Svid());
	}

	@Test
	void refusalEndsStreams() {
		Stream<X509SVIDResponse> stream = this.client.x509Svids();
		stream.next();
		this.api.faults().refuse(true);
		assertThat(stream.end()).satisfies(WorkloadFaultsTests::isDenied);
		assertThat(this.client.jwtBundles().end()).satisfies(WorkloadFaultsTests::isDenied);
		assertThatExceptionOfType(StatusRuntimeException.class).isThrownBy(() -> this.client.jwtSvids("", "inventory"))
			.satisfies((ex) -> isDenied(ex.getStatus()));
		this.api.faults().refuse(false);
		assertThat(this.client.x509Svids().next().getSvids(0)).isEqualTo(this.untouched);
	}

	@Test
	void streamsEndWithAnyStatus() {
		Stream<X509SVIDResponse> stream = this.client.x509Svids();
		stream.next();
		this.api.endStreams(Status.OK);
		assertThat(stream.end().isOk()).isTrue();
		Stream<X509SVIDResponse> again = this.client.x509Svids();
		again.next();
		this.api.endStreams(Status.UNAVAILABLE);
		assertThat(again.end().getCode()).isEqualTo(Status.Code.UNAVAILABLE);
	}

	@Test
	void stateIsSentAgainOnDemand() {
		Stream<X509SVIDResponse> svids = this.client.x509Svids();
		Stream<byte[]> bundles = this.client.bytes(WorkloadMethod.FETCH_JWT_BUNDLES);
		byte[] before = bundles.next();
		svids.next();
		this.api.sendAgain();
		assertThat(svids.next().getSvids(0)).isEqualTo(this.untouched);
		assertThat(bundles.next()).isEqualTo(before);
	}

	@Test
	void goAwayLetsStreamsGoOn() {
		Stream<X509SVIDResponse> stream = this.client.x509Svids();
		stream.next();
		this.api.goAway();
		await().until(() -> {
			Stream<X509SVIDResponse> other = this.client.x509Svids();
			other.next();
			other.cancel();
			return this.api.journal().connections() == 2;
		});
		this.api.rotate();
		assertThat(stream.next().getSvids(0).getX509Svid()).isNotEqualTo(this.untouched.getX509Svid());
	}

	@Test
	void connectionEndsWhenOld() {
		try (SimulatedWorkloadApi old = SimulatedWorkloadApi.builder()
			.connectionAge(Duration.ofSeconds(1), Duration.ofMillis(100))
			.entry(ORDERS)
			.build(); WorkloadTestClient other = WorkloadTestClient.of(old)) {
			Stream<X509SVIDResponse> stream = other.x509Svids();
			stream.next();
			assertThat(stream.end().isOk()).isFalse();
			await().until(() -> old.journal().openConnections() == 0);
		}
	}

	@Test
	void silentAgentGoesOnWhereItWas() {
		Stream<X509SVIDResponse> stream = this.client.x509Svids();
		stream.next();
		this.api.faults().hang();
		this.api.rotate();
		try (WorkloadTestClient other = WorkloadTestClient.of(this.api)) {
			Stream<X509SVIDResponse> otherStream = other.x509Svids();
			await().until(() -> this.api.journal().openConnections() == 2);
			await().during(Duration.ofMillis(300)).until(() -> stream.isQuiet() && otherStream.isQuiet());
			this.api.faults().resume();
			assertThat(stream.next().getSvids(0).getX509Svid()).isNotEqualTo(this.untouched.getX509Svid());
			assertThat(otherStream.next().getSvidsCount()).isOne();
		}
	}

	@Test
	void backlogOfSuspendedAgentIsFullAfterAWhile() throws IOException {
		this.api.faults().suspend();
		List<SocketChannel> waiting = new ArrayList<>();
		try {
			Throwable full = null;
			while (full == null && waiting.size() < 10) {
				SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX);
				channel.configureBlocking(false);
				waiting.add(channel);
				full = catchThrowable(() -> channel.connect(UnixDomainSocketAddress.of(this.api.socket())));
			}
			assertThat(full).isInstanceOf(SocketException.class).hasMessageContaining("temporarily unavailable");
			assertThat(this.api.journal().openConnections()).isOne();
			this.api.faults().resume();
			int accepted = waiting.size();
			await().until(() -> this.api.journal().openConnections() == accepted);
		}
		finally {
			for (SocketChannel channel : waiting) {
				channel.close();
			}
		}
	}

	@Test
	void killedAgentRefusesConnectionsAtOnce() throws IOException {
		// A socket that was closed listens until its event loop has looked at it
		for (int i = 0; i < 50; i++) {
			this.api.kill();
			try (SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX)) {
				assertThatExceptionOfType(ConnectException.class).as("kill %d", i)
					.isThrownBy(() -> channel.connect(UnixDomainSocketAddress.of(this.api.socket())))
					.withMessageContaining("refused");
			}
			this.api.start();
		}
	}

	@Test
	void somethingElseThanAnAgentMayAnswer() throws IOException {
		this.api.faults().garbage("HTTP/1.1 400 Bad Request\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
		try (SocketChannel channel = SocketChannel.open(UnixDomainSocketAddress.of(this.api.socket()))) {
			channel.write(ByteBuffer.wrap("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(StandardCharsets.US_ASCII)));
			ByteBuffer answer = ByteBuffer.allocate(28);
			while (answer.hasRemaining()) {
				assertThat(channel.read(answer)).isPositive();
			}
			assertThat(new String(answer.array(), StandardCharsets.US_ASCII))
				.isEqualTo("HTTP/1.1 400 Bad Request\r\n\r\n");
		}
		try (WorkloadTestClient other = WorkloadTestClient.of(this.api)) {
			assertThat(other.x509Svids().end().getCode()).isIn(Status.Code.UNAVAILABLE, Status.Code.INTERNAL);
		}
		this.api.faults().garbage(null);
		try (WorkloadTestClient other = WorkloadTestClient.of(this.api)) {
			assertThat(other.x509Svids().next().getSvidsCount()).isOne();
		}
	}

	@Test
	void messagesMayBeHuge() {
		this.api.faults().pad(17 << 20);
		byte[] message = this.client.bytes(WorkloadMethod.FETCH_X509_SVID).next();
		assertThat(message).hasSizeGreaterThan(17 << 20);
		this.api.faults().pad(0);
		assertThat(this.client.x509Svids().next().getSvids(0)).isEqualTo(this.untouched);
	}

	@Test
	void streamsAreFlooded() {
		Stream<X509SVIDResponse> stream = this.client.x509Svids();
		stream.next();
		this.api.faults().flood(true);
		for (int i = 0; i < 100; i++) {
			assertThat(stream.next().getSvids(0)).isEqualTo(this.untouched);
		}
		this.api.faults().flood(false);
		int sent = this.api.journal().messages(WorkloadMethod.FETCH_X509_SVID);
		await().during(Duration.ofMillis(200))
			.until(() -> this.api.journal().messages(WorkloadMethod.FETCH_X509_SVID) == sent);
	}

	@ParameterizedTest
	@EnumSource
	void svidIsSpoiled(WorkloadSvidFault fault) throws Exception {
		Stream<X509SVIDResponse> stream = this.client.x509Svids();
		stream.next();
		this.api.faults().spoil(fault);
		X509SVID svid = stream.next().getSvids(0);
		assertThat(svid).isNotEqualTo(this.untouched);
		switch (fault) {
			case NO_SPIFFE_ID -> assertThat(svid.getSpiffeId()).isEmpty();
			case OTHER_SPIFFE_ID -> assertThat(Certificates.uris(leaf(svid))).doesNotContain(svid.getSpiffeId());
			case NO_CERTIFICATE -> assertThat(svid.getX509Svid()).isEmpty();
			case UNREADABLE_CERTIFICATE, TRUNCATED_CERTIFICATE ->
				assertThatExceptionOfType(CertificateException.class).isThrownBy(() -> leaf(svid));
			case FORGED_CERTIFICATE ->
				assertThat(leaf(svid).getPublicKey()).isEqualTo(leaf(this.untouched).getPublicKey());
			case FOREIGN_CERTIFICATE -> assertThat(Certificates.uris(leaf(svid))).containsExactly(ORDERS);
			case EXPIRED_CERTIFICATE ->
				assertThatExceptionOfType(CertificateException.class).isThrownBy(() -> leaf(svid).checkValidity());
			case NO_KEY -> assertThat(svid.getX509SvidKey()).isEmpty();
			case UNREADABLE_KEY, OTHER_KEY ->
				assertThat(svid.getX509SvidKey()).isNotEmpty().isNotEqualTo(this.untouched.getX509SvidKey());
			case EMPTY_BUNDLE -> assertThat(svid.getBundle()).isEmpty();
			case UNREADABLE_BUNDLE, FOREIGN_BUNDLE ->
				assertThat(svid.getBundle()).isNotEmpty().isNotEqualTo(this.untouched.getBundle());
		}
		boolean signed = switch (fault) {
			case NO_SPIFFE_ID, OTHER_SPIFFE_ID, EXPIRED_CERTIFICATE, NO_KEY, UNREADABLE_KEY, OTHER_KEY -> true;
			default -> false;
		};
		assertThat(isSigned(svid)).isEqualTo(signed);
		this.api.faults().spoil(null);
		assertThat(stream.next().getSvids(0)).isEqualTo(this.untouched);
	}

	@Test
	void oneOfTwoSvidsIsSpoiled() {
		this.api.addEntry(BILLING);
		this.api.faults().spoil(BILLING, WorkloadSvidFault.NO_KEY);
		List<X509SVID> svids = this.client.x509Svids().next().getSvidsList();
		assertThat(svids).hasSize(2).contains(this.untouched);
		assertThat(svids).filteredOn((svid) -> svid.getSpiffeId().equals(BILLING))
			.singleElement()
			.extracting(X509SVID::getX509SvidKey)
			.isEqualTo(ByteString.EMPTY);
	}

	private static boolean isSigned(X509SVID svid) {
		try {
			leaf(svid)
				.verify(Certificates.parse(new ByteArrayInputStream(svid.getBundle().toByteArray())).getPublicKey());
			return true;
		}
		catch (GeneralSecurityException ex) {
			return false;
		}
	}

	private static X509Certificate leaf(X509SVID svid) throws CertificateException {
		return Certificates.parse(new ByteArrayInputStream(svid.getX509Svid().toByteArray()));
	}

	private static void isDenied(Status status) {
		assertThat(status.getCode()).isEqualTo(Status.Code.PERMISSION_DENIED);
		assertThat(status.getDescription()).isEqualTo("no identity issued");
	}

}
