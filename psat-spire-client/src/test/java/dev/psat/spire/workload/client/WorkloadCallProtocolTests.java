package dev.psat.spire.workload.client;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;

import dev.psat.spire.wire.internal.Deadline;
import dev.psat.spire.wire.internal.GrpcStatus;
import dev.psat.spire.wire.internal.Time;
import dev.psat.spire.workload.client.ScriptedAgent.Handler;
import dev.psat.support.Patience;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

/**
 * Tests for what {@link WorkloadCall} makes of the frames of an agent.
 */
@Timeout(Patience.SECONDS)
class WorkloadCallProtocolTests {

	private static final String SECRET = "-----BEGIN PRIVATE KEY-----";

	@Test
	void messagesAreReceivedUpToTheTrailers() throws Exception {
		assertThat(messages((peer) -> peer.request().grpcHeaders().message("one").message("two").ok()))
			.containsExactly("one", "two");
	}

	@ParameterizedTest
	@ValueSource(ints = { 1, 2, 7, 10 })
	void bytesMayComeAFewAtATime(int pace) throws Exception {
		assertThat(messages((peer) -> peer.pace(pace)
			.request()
			.grpcHeaders()
			.message("one")
			.frame(FrameReader.Type.PING, 0, 0, new byte[8])
			.message("two")
			.ok())).containsExactly("one", "two");
	}

	@Test
	void messagesMayShareAFrame() throws Exception {
		assertThat(messages((peer) -> peer.request()
			.grpcHeaders()
			.data(joined(AgentPeer.framed("one"), AgentPeer.framed(""), AgentPeer.framed("two"),
					Arrays.copyOf(AgentPeer.framed("three"), 7)))
			.data("ree".getBytes(StandardCharsets.US_ASCII))
			.ok())).containsExactly("one", "", "two", "three");
	}

	@Test
	void messageMayBeCutAnywhere() throws Exception {
		byte[] framed = AgentPeer.framed("message");
		for (int i = 0; i <= framed.length; i++) {
			int cut = i;
			assertThat(messages((peer) -> peer.request()
				.grpcHeaders()
				.data(Arrays.copyOf(framed, cut))
				.data(Arrays.copyOfRange(framed, cut, framed.length))
				.ok())).containsExactly("message");
		}
	}

	@Test
	void paddingAndPriorityAreSkipped() throws Exception {
		byte[] block = AgentPeer.block(":status", "200", "content-type", "application/grpc+proto");
		assertThat(messages((peer) -> peer.request()
			.frame(FrameReader.Type.HEADERS,
					FrameReader.Type.END_HEADERS | FrameReader.Type.PADDED | FrameReader.Type.PRIORITIZED, 1,
					joined(new byte[] { 3 }, new byte[5], block, new byte[3]))
			.frame(FrameReader.Type.DATA, FrameReader.Type.PADDED, 1,
					joined(new byte[] { 9 }, AgentPeer.framed("one"), new byte[9]))
			.frame(FrameReader.Type.DATA, FrameReader.Type.PADDED, 1, (byte) 0)
			.frame(FrameReader.Type.DATA, FrameReader.Type.PADDED, 1, joined(new byte[] { (byte) 255 }, new byte[255]))
			.frame(FrameReader.Type.PRIORITY, 0, 7, new byte[5])
			.ok())).containsExactly("one");
	}

	@Test
	void headersMayBeContinued() throws Exception {
		byte[] block = AgentPeer.block(":status", "200", "content-type", "application/grpc;charset=x", "x",
				"y".repeat(20_000));
		assertThat(messages((peer) -> {
			peer.request().frame(FrameReader.Type.HEADERS, 0, 1);
			for (int i = 0; i < block.length; i += 1000) {
				peer.frame(FrameReader.Type.CONTINUATION, 0, 1,
						Arrays.copyOfRange(block, i, Math.min(block.length, i + 1000)));
			}
			peer.frame(FrameReader.Type.CONTINUATION, FrameReader.Type.END_HEADERS, 1).message("one").ok();
		})).containsExactly("one");
	}

	@Test
	void trailersMayReferToWhatTheHeadersAdded() throws Exception {
		// literals with an index: "a: b", and at last that from the table
		byte[] indexed = { 0x40, 1, 'a', 1, 'b' };
		assertThat(messages((peer) -> peer.request()
			.frame(FrameReader.Type.HEADERS, FrameReader.Type.END_HEADERS, 1,
					joined(AgentPeer.block(":status", "200", "content-type", "application/grpc"), indexed))
			.frame(FrameReader.Type.HEADERS, FrameReader.Type.END_HEADERS | FrameReader.Type.END_STREAM, 1,
					joined(new byte[] { (byte) 0xbe }, AgentPeer.block("grpc-status", "0")))))
			.isEmpty();
	}

	@Test
	void interimResponsesAreSkipped() throws Exception {
		assertThat(messages((peer) -> peer.request()
			.headers(":status", "100")
			.headers(":status", "103", "link", "x")
			.grpcHeaders()
			.message("one")
			.ok())).containsExactly("one");
	}

	@Test
	void frameOfAnUnknownTypeIsSkipped() throws Exception {
		assertThat(messages((peer) -> peer.request()
			.frame(0x10, 255, 0, new byte[16384])
			.grpcHeaders()
			.frame(0xbe, 255, 77, new byte[3])
			.message("one")
			.ok())).containsExactly("one");
	}

	@Test
	void goodbyeLetsTheStreamInFlightGoOn() throws Exception {
		assertThat(messages((peer) -> peer.request()
			.frame(FrameReader.Type.GOAWAY, 0, 0, AgentPeer.numbers(Integer.MAX_VALUE, 0))
			.grpcHeaders()
			.message("one")
			.frame(FrameReader.Type.GOAWAY, 0, 0, joined(AgentPeer.numbers(1, 0), new byte[7]))
			.message("two")
			.ok())).containsExactly("one", "two");
	}

	@Test
	void goodbyeBeforeTheStreamRefusesIt() throws Exception {
		assertThat(failure(WorkloadFailureReason.UNREACHABLE,
				(peer) -> peer.request().frame(FrameReader.Type.GOAWAY, 0, 0, AgentPeer.numbers(0, 11))))
			.hasMessageContaining("went away")
			.hasMessageContaining("HTTP/2 error 11");
	}

	@Test
	void endAfterAGoodbyeTellsItsError() throws Exception {
		assertThat(failure(WorkloadFailureReason.UNREACHABLE,
				(peer) -> peer.request().frame(FrameReader.Type.GOAWAY, 0, 0, AgentPeer.numbers(1, 11)).grpcHeaders()))
			.hasMessageContaining("without a status")
			.hasMessageContaining("HTTP/2 error 11");
	}

	@Test
	void endBeforeTheAnswerIsNoAnswer() throws Exception {
		assertThat(failure(WorkloadFailureReason.UNREACHABLE, AgentPeer::request))
			.hasMessageContaining("before anything was answered");
	}

	@Test
	void endBeforeAnythingIsNoAnswer() throws Exception {
		failure(WorkloadFailureReason.UNREACHABLE, (peer) -> {
		});
	}

	@Test
	void endWithinAMessageIsNoAnswer() throws Exception {
		assertThat(failure(WorkloadFailureReason.UNREACHABLE,
				(peer) -> peer.request().grpcHeaders().data(Arrays.copyOf(AgentPeer.framed(SECRET), 20))))
			.hasMessageContaining("within a message");
	}

	@ParameterizedTest
	@CsvSource({ "0, UNREACHABLE", "1, PROTOCOL_ERROR", "2, UNREACHABLE", "3, PROTOCOL_ERROR", "5, PROTOCOL_ERROR",
			"7, UNREACHABLE", "8, UNREACHABLE", "11, UNREACHABLE", "13, PROTOCOL_ERROR", "-1, PROTOCOL_ERROR" })
	void resetEndsTheCallAndTellsWhy(int code, WorkloadFailureReason reason) throws Exception {
		assertThat(failure(reason,
				(peer) -> peer.request()
					.grpcHeaders()
					.frame(FrameReader.Type.RST_STREAM, 0, 1, AgentPeer.numbers(code))))
			.hasMessageContaining("HTTP/2 error " + Integer.toUnsignedString(code));
	}

	@Test
	void statusMayComeAlone() throws Exception {
		GrpcStatus.NotOkException failure = status((peer) -> peer.request()
			.trailers(":status", "200", "content-type", "application/grpc", "grpc-status", "7", "grpc-message",
					"no identity issued"));
		assertThat(failure.status().code()).isEqualTo(7);
		assertThat(failure.status().message()).isEqualTo("no identity issued");
	}

	@Test
	void successMayComeAlone() throws Exception {
		assertThat(messages((peer) -> peer.request()
			.trailers(":status", "200", "content-type", "application/grpc", "grpc-status", "0"))).isEmpty();
	}

	@Test
	void statusOfGrpcCountsMoreThanThatOfHttp() throws Exception {
		assertThat(status((peer) -> peer.request().headers(":status", "503", "grpc-status", "14")).status().code())
			.isEqualTo(14);
	}

	@Test
	void statusAfterPartOfAMessageIsThatOfTheCall() throws Exception {
		assertThat(status((peer) -> peer.request()
			.grpcHeaders()
			.data(Arrays.copyOf(AgentPeer.framed("cut off"), 7))
			.trailers("grpc-status", "13")).status().code()).isEqualTo(13);
	}

	@Test
	void successWithinAMessageIsNone() throws Exception {
		assertMalformed("within a message",
				(peer) -> peer.request().grpcHeaders().data(Arrays.copyOf(AgentPeer.framed("cut off"), 7)).ok());
	}

	@ParameterizedTest
	@ValueSource(strings = { "", "seven", "-1", "0x", "4294967296" })
	void statusThatIsNoNumberIsNone(String status) throws Exception {
		assertMalformed("not a number", (peer) -> peer.request().grpcHeaders().trailers("grpc-status", status));
	}

	@Test
	void answerEndsWithAStatus() throws Exception {
		assertMalformed("without a status", (peer) -> peer.request().grpcHeaders().trailers("a", "b"));
		assertMalformed("without a status", (peer) -> peer.request().grpcHeaders().frame(FrameReader.Type.DATA, 1, 1));
		assertMalformed("without a status",
				(peer) -> peer.request().trailers(":status", "200", "content-type", "application/grpc"));
	}

	@Test
	void otherStatusOfHttpIsNoAnswer() throws Exception {
		assertMalformed("HTTP status 404", (peer) -> peer.request().headers(":status", "404"));
		assertMalformed("no HTTP status", (peer) -> peer.request().headers("content-type", "application/grpc"));
		assertMalformed("no HTTP status", (peer) -> peer.request().headers(":status", "2OO"));
		assertMalformed("ends before it begins", (peer) -> peer.request().trailers(":status", "100"));
	}

	@ParameterizedTest
	@ValueSource(strings = { "text/html", "application/grpc-web", "application/grpcx", "" })
	void otherContentTypeIsNoAnswer(String type) throws Exception {
		assertMalformed("\"" + type + "\"", (peer) -> peer.request().headers(":status", "200", "content-type", type));
	}

	@Test
	void missingContentTypeIsNoAnswer() throws Exception {
		assertMalformed("missing", (peer) -> peer.request().headers(":status", "200"));
	}

	@ParameterizedTest
	@CsvSource({ "Grpc-Status, 1", "'', 1", "a b, 1", ":path, /", ":status, 200", "a:b, 1", "a, '1\n'", "a, '\r'",
			"é, 1" })
	void headerThatCannotBeIsRefused(String name, String value) throws Exception {
		assertMalformed("a header that cannot be",
				(peer) -> peer.request().headers(":status", "200", "content-type", "application/grpc", name, value));
		assertMalformed("a header that cannot be",
				(peer) -> peer.request().grpcHeaders().trailers(name, value, "grpc-status", "0"));
	}

	@Test
	void headersBetweenMessagesAreRefused() throws Exception {
		assertMalformed("between messages", (peer) -> peer.request().grpcHeaders().grpcHeaders());
	}

	@Test
	void dataBeforeHeadersIsRefused() throws Exception {
		assertMalformed("data before headers", (peer) -> peer.request().message(SECRET));
		assertMalformed("data before headers", (peer) -> peer.request().headers(":status", "100").message(SECRET));
	}

	@Test
	void compressedMessageIsRefused() throws Exception {
		assertMalformed("compressed",
				(peer) -> peer.request().grpcHeaders().data(joined(new byte[] { 1, 0, 0, 0, 3 }, "abc".getBytes())));
	}

	@ParameterizedTest
	@CsvSource({ "16777217", "2147483647", "-1", "-2147483648" })
	void messageOverTheLimitIsRefusedWhenItIsAnnounced(int length) throws Exception {
		assertMalformed("A message of " + Integer.toUnsignedString(length),
				(peer) -> peer.request().grpcHeaders().data(joined(new byte[1], AgentPeer.numbers(length))));
	}

	@ParameterizedTest
	@ValueSource(ints = { 0, 2, 3, Integer.MAX_VALUE })
	void frameOfAnotherStreamIsRefused(int stream) throws Exception {
		byte[] block = AgentPeer.block(":status", "200", "content-type", "application/grpc");
		assertMalformed("stream " + stream, (peer) -> peer.request().frame(FrameReader.Type.HEADERS, 4, stream, block));
		assertMalformed("stream " + stream,
				(peer) -> peer.request()
					.grpcHeaders()
					.frame(FrameReader.Type.DATA, 0, stream, AgentPeer.framed(SECRET)));
		assertMalformed("stream " + stream,
				(peer) -> peer.request().frame(FrameReader.Type.RST_STREAM, 0, stream, new byte[4]));
		if (stream != 0) {
			assertMalformed("stream " + stream,
					(peer) -> peer.request().frame(FrameReader.Type.WINDOW_UPDATE, 0, stream, AgentPeer.numbers(1)));
		}
	}

	@ParameterizedTest
	@ValueSource(ints = { FrameReader.Type.SETTINGS, FrameReader.Type.PING, FrameReader.Type.GOAWAY })
	void frameOfTheConnectionIsRefusedOnAStream(int type) throws Exception {
		assertMalformed("type " + type + " is about a stream", (peer) -> peer.request().frame(type, 0, 1, new byte[8]));
	}

	@ParameterizedTest
	@CsvSource({ "3, 1, 3", "3, 1, 5", "4, 0, 5", "6, 0, 7", "6, 0, 9", "7, 0, 7", "8, 0, 3", "8, 1, 5" })
	void frameOfTheWrongLengthIsRefused(int type, int stream, int length) throws Exception {
		assertMalformed("type " + type + " has the wrong length",
				(peer) -> peer.request().frame(type, 0, stream, new byte[length]));
	}

	@Test
	void otherFramesThatCannotBeAreRefused() throws Exception {
		assertMalformed("wrong length", (peer) -> peer.request().frame(FrameReader.Type.SETTINGS, 1, 0, new byte[6]));
		assertMalformed("promises", (peer) -> peer.request().frame(FrameReader.Type.PUSH_PROMISE, 4, 1, new byte[4]));
		assertMalformed("have not begun", (peer) -> peer.request().frame(FrameReader.Type.CONTINUATION, 4, 1));
		assertMalformed("interrupted",
				(peer) -> peer.request()
					.frame(FrameReader.Type.HEADERS, 0, 1)
					.frame(FrameReader.Type.PING, 0, 0, new byte[8]));
		assertMalformed("interrupted",
				(peer) -> peer.request().frame(FrameReader.Type.HEADERS, 0, 1).frame(0x77, 0, 0, new byte[8]));
		assertMalformed("all padding",
				(peer) -> peer.request()
					.grpcHeaders()
					.frame(FrameReader.Type.DATA, FrameReader.Type.PADDED, 1, joined(new byte[] { 4 }, new byte[3])));
		assertMalformed("wrong length",
				(peer) -> peer.request().frame(FrameReader.Type.HEADERS, FrameReader.Type.PRIORITIZED, 1, new byte[4]));
		assertMalformed("16385 bytes", (peer) -> peer.request().frame(0x77, 0, 0, new byte[16385]));
		assertMalformed("opened by nothing",
				(peer) -> peer.request().frame(FrameReader.Type.WINDOW_UPDATE, 0, 0, AgentPeer.numbers(0)));
	}

	@Test
	void windowThatOverflowsIsRefused() throws Exception {
		for (int stream = 0; stream < 2; stream++) {
			int which = stream;
			assertMalformed("larger than can be", (peer) -> peer.request()
				.frame(FrameReader.Type.WINDOW_UPDATE, 0, which, AgentPeer.numbers(Integer.MAX_VALUE)));
		}
		assertMalformed("larger than can be",
				(peer) -> peer.request()
					.frame(FrameReader.Type.WINDOW_UPDATE, 0, 1, AgentPeer.numbers(Integer.MAX_VALUE - 65535))
					.frame(FrameReader.Type.SETTINGS, 0, 0, setting(4, 65541)));
	}

	@ParameterizedTest
	@CsvSource({ "2, 1", "2, 2", "4, -1", "5, 16383", "5, 16777216", "5, -1" })
	void settingThatCannotBeIsRefused(int name, int value) throws Exception {
		assertMalformed("Setting " + name,
				(peer) -> peer.request().frame(FrameReader.Type.SETTINGS, 0, 0, setting(name, value)));
	}

	@Test
	void otherSettingsAreAccepted() throws Exception {
		assertThat(messages((peer) -> peer.request()
			.frame(FrameReader.Type.SETTINGS, 0, 0,
					joined(setting(1, 0), setting(2, 0), setting(3, 0), setting(4, 0), setting(4, Integer.MAX_VALUE),
							setting(5, 16777215), setting(6, 0), setting(0x7777, -1)))
			.frame(FrameReader.Type.SETTINGS, 1, 0)
			.grpcHeaders()
			.ok())).isEmpty();
	}

	@Test
	void settingsAndPingsAreAnswered() throws Exception {
		List<AgentPeer.Frame> answers = new CopyOnWriteArrayList<>();
		byte[] ping = { 1, 2, 3, 4, 5, 6, 7, 8 };
		assertThat(messages((peer) -> {
			peer.request().frame(FrameReader.Type.PING, 0, 0, ping).frame(FrameReader.Type.PING, 1, 0, new byte[8]);
			// before the request, and after the settings and headers that came first
			answers.add(peer.received.get(2));
			answers.add(peer.frame());
			peer.grpcHeaders().ok();
		})).isEmpty();
		assertThat(answers.get(0)).matches((frame) -> frame.type() == FrameReader.Type.SETTINGS && frame.flags() == 1);
		assertThat(answers.get(1)).matches((frame) -> frame.type() == FrameReader.Type.PING && frame.flags() == 1);
		assertThat(answers.get(1).payload()).isEqualTo(ping);
	}

	@Test
	void windowsAreOpenedOnTheStreamAndTheConnectionAsDataIsConsumed() throws Exception {
		List<AgentPeer.Frame> answers = new CopyOnWriteArrayList<>();
		String message = "x".repeat(65535 - 5);
		assertThat(messages((peer) -> {
			peer.request().grpcHeaders();
			byte[] framed = AgentPeer.framed(message);
			for (int i = 0; i < framed.length; i += 16384) {
				peer.data(Arrays.copyOfRange(framed, i, Math.min(framed.length, i + 16384)));
			}
			int opened = 0;
			while (opened < 2) {
				AgentPeer.Frame frame = peer.frame();
				if (frame.type() == FrameReader.Type.WINDOW_UPDATE) {
					answers.add(frame);
					opened++;
				}
			}
			peer.ok();
		})).containsExactly(message);
		assertThat(answers).extracting(AgentPeer.Frame::stream).containsExactly(0, 1);
		assertThat(answers)
			.allSatisfy((frame) -> assertThat(ByteBuffer.wrap(frame.payload()).getInt()).isBetween(32767, 65535));
	}

	@Test
	void requestWaitsForTheWindowsOfTheAgent() throws Exception {
		byte[] request = new byte[100_000];
		Arrays.fill(request, (byte) 7);
		ByteArrayOutputStream body = new ByteArrayOutputStream();
		List<Integer> lengths = new ArrayList<>();
		try (ScriptedAgent agent = new ScriptedAgent((peer) -> {
			peer.bytes(AgentPeer.PREFACE_LENGTH);
			peer.frame(FrameReader.Type.SETTINGS, 0, 0, setting(4, 70_000));
			receive(peer, body, lengths, 65535);
			peer.frame(FrameReader.Type.WINDOW_UPDATE, 0, 0, AgentPeer.numbers(50_000));
			receive(peer, body, lengths, 70_000);
			// takes back 60,000, which leaves less than nothing
			peer.frame(FrameReader.Type.SETTINGS, 0, 0, setting(4, 10_000));
			peer.frame(FrameReader.Type.WINDOW_UPDATE, 0, 1, AgentPeer.numbers(60_000));
			peer.frame(FrameReader.Type.WINDOW_UPDATE, 0, 1, AgentPeer.numbers(30_005));
			receive(peer, body, lengths, 100_005);
			peer.grpcHeaders().ok();
			peer.drain();
		}); WorkloadCall call = agent.call(request)) {
			assertThat(call.next(soon())).isNull();
		}
		byte[] sent = body.toByteArray();
		assertThat(sent).hasSize(100_005);
		assertThat(Arrays.copyOfRange(sent, 5, sent.length)).isEqualTo(request);
		assertThat(lengths).allMatch((length) -> length > 0 && length <= 16384);
	}

	@Test
	void requestWaitsForTheSettingsOfTheAgent() throws Exception {
		List<Integer> lengths = new CopyOnWriteArrayList<>();
		assertThat(messages((peer) -> {
			peer.opening().frame(FrameReader.Type.SETTINGS, 0, 0, setting(4, 1));
			for (int length = 0; length < 5; length++) {
				receive(peer, new ByteArrayOutputStream(), lengths, 1);
				peer.frame(FrameReader.Type.WINDOW_UPDATE, 0, 1, AgentPeer.numbers(1));
			}
			peer.grpcHeaders().message("one").ok();
		})).containsExactly("one");
		assertThat(lengths).containsExactly(1, 1, 1, 1, 1);
	}

	@Test
	void priorityOfNoStreamOrOfWrongLengthEndsTheConnection() throws Exception {
		assertMalformed("A frame of type 2 is about no stream",
				(peer) -> peer.request().frame(FrameReader.Type.PRIORITY, 0, 0, new byte[5]));
		for (int length : new int[] { 0, 4, 6 }) {
			assertMalformed("A frame of type 2 has the wrong length",
					(peer) -> peer.request().frame(FrameReader.Type.PRIORITY, 0, 7, new byte[length]));
		}
	}

	@Test
	void whoeverBreaksTheProtocolIsToldSo() throws Exception {
		CompletableFuture<AgentPeer.Frame> goodbye = new CompletableFuture<>();
		try (ScriptedAgent agent = new ScriptedAgent((peer) -> {
			peer.request().frame(FrameReader.Type.PRIORITY, 0, 0, new byte[5]);
			AgentPeer.Frame frame = peer.frame();
			while (frame.type() != FrameReader.Type.GOAWAY) {
				frame = peer.frame();
			}
			goodbye.complete(frame);
		}); WorkloadCall call = agent.call()) {
			assertThatExceptionOfType(WorkloadException.class).isThrownBy(() -> call.next(soon()))
				.withMessageContaining("about no stream")
				.satisfies((ex) -> assertThat(ex.reason()).isEqualTo(WorkloadFailureReason.PROTOCOL_ERROR));
			// before the agent is closed, which would no longer hear it
			assertThat(goodbye.get().stream()).isZero();
			assertThat(goodbye.get().payload()).isEqualTo(AgentPeer.numbers(0, 1));
		}
	}

	private static void receive(AgentPeer peer, ByteArrayOutputStream body, List<Integer> lengths, int upTo)
			throws Exception {
		while (body.size() < upTo) {
			AgentPeer.Frame frame = peer.frame();
			if (frame.type() == FrameReader.Type.DATA) {
				body.writeBytes(frame.payload());
				lengths.add(frame.payload().length);
			}
		}
		assertThat(body.size()).isEqualTo(upTo);
	}

	@Test
	void whatWasAnsweredBeforeTheRequestWasReadCounts() throws Exception {
		try (ScriptedAgent agent = new ScriptedAgent((peer) -> {
			peer.frame(FrameReader.Type.SETTINGS, 0, 0);
			peer.trailers(":status", "200", "grpc-status", "8");
		}); WorkloadCall call = agent.call(new byte[10_000_000])) {
			assertThat(catchThrowableOfType(GrpcStatus.NotOkException.class, () -> call.next(soon())).status().code())
				.isEqualTo(8);
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n", "220 smtp ready\r\n", "\n", "GET",
			"\25\3\1\0\2\2\50", "\26\3\3\0\172\2\0\0\166\3\3", "\0\0\0\0\0\0\0\0\0", "\0\0\6\6",
			"SSH-2.0-OpenSSH_9.2" })
	void otherProtocolIsNamed(String answer) throws Exception {
		assertMalformed("does not speak HTTP/2", (peer) -> peer.raw(answer.getBytes(StandardCharsets.ISO_8859_1)));
	}

	@Test
	void otherProtocolIsNoticedAtOnce() throws Exception {
		try (ScriptedAgent agent = ScriptedAgent
			.lasting((peer) -> peer.raw("HTTP/1.1 400 Bad Request\r\n\r\n".getBytes()));
				WorkloadCall call = agent.call()) {
			assertThat(catchThrowableOfType(WorkloadException.class, () -> call.next(soon())))
				.hasMessageContaining("does not speak HTTP/2");
		}
	}

	@Test
	void floodsEndTheCall() throws Exception {
		assertFlood((peer) -> peer.frame(FrameReader.Type.PING, 0, 0, new byte[8]));
		assertFlood((peer) -> peer.frame(FrameReader.Type.PING, 1, 0, new byte[8]));
		assertFlood((peer) -> peer.frame(FrameReader.Type.SETTINGS, 0, 0));
		assertFlood((peer) -> peer.frame(FrameReader.Type.WINDOW_UPDATE, 0, 1, AgentPeer.numbers(1)));
		assertFlood((peer) -> peer.frame(FrameReader.Type.PRIORITY, 0, 1, new byte[5]));
		assertFlood((peer) -> peer.frame(0x77, 0, 0, new byte[100]));
		assertFlood((peer) -> peer.headers(":status", "100"));
		assertFlood((peer) -> peer.frame(FrameReader.Type.GOAWAY, 0, 0, AgentPeer.numbers(1, 0)));
	}

	@Test
	void floodsOfDataThatIsNoneEndTheCall() throws Exception {
		assertMalformed("floods", (peer) -> {
			peer.request().grpcHeaders();
			while (true) {
				peer.data();
			}
		});
		assertMalformed("floods", (peer) -> {
			peer.request().grpcHeaders();
			while (true) {
				// within the window, which we open again and again
				peer.frame(FrameReader.Type.DATA, FrameReader.Type.PADDED, 1, (byte) 0);
			}
		});
	}

	@Test
	void floodsOfContinuationsEndTheCall() throws Exception {
		assertMalformed("floods", (peer) -> {
			peer.request().frame(FrameReader.Type.HEADERS, 0, 1);
			while (true) {
				peer.frame(FrameReader.Type.CONTINUATION, 0, 1);
			}
		});
		assertMalformed("larger than 65536", (peer) -> {
			peer.request().frame(FrameReader.Type.HEADERS, 0, 1);
			while (true) {
				peer.frame(FrameReader.Type.CONTINUATION, 0, 1, new byte[10_000]);
			}
		});
	}

	@Test
	void headersThatUnfoldToMoreThanTheLimitAreRefused() throws Exception {
		byte[] references = new byte[2000];
		Arrays.fill(references, (byte) 0xbe);
		assertMalformed("larger than 65536",
				(peer) -> peer.request()
					.frame(FrameReader.Type.HEADERS, FrameReader.Type.END_HEADERS, 1,
							joined(new byte[] { 0x40, 1, 'a', 0x7f, (byte) 0xe9, 0x0e }, new byte[2000], references)));
	}

	@Test
	void agentThatReadsNoAnswersToItsQuestionsIsLeft() {
		RequestWriter request = new RequestWriter("x", new byte[0], "test/1");
		assertThatExceptionOfType(WorkloadCall.MalformedAnswerException.class).isThrownBy(() -> {
			for (int i = 0; i < 5000; i++) {
				request.acknowledgePing(new byte[8]);
			}
		}).withMessageContaining("reads no answers");
	}

	@Test
	void noByteOfAMessageGetsIntoAFailure() throws Exception {
		byte[] framed = AgentPeer.framed(SECRET.repeat(10));
		for (Handler handler : List.<Handler>of((peer) -> peer.request().raw(framed),
				(peer) -> peer.request().grpcHeaders().data(framed).raw(framed),
				(peer) -> peer.request().grpcHeaders().data(Arrays.copyOfRange(framed, 1, framed.length)),
				(peer) -> peer.request().grpcHeaders().data(Arrays.copyOfRange(framed, 5, framed.length)),
				(peer) -> peer.request().frame(FrameReader.Type.HEADERS, 4, 1, framed),
				(peer) -> peer.request().frame(FrameReader.Type.SETTINGS, 0, 0, framed),
				(peer) -> peer.request().frame(FrameReader.Type.GOAWAY, 0, 0, joined(AgentPeer.numbers(0, 0), framed)),
				(peer) -> peer.request().grpcHeaders().data(framed))) {
			Throwable failure = catchThrowable(() -> messages(handler));
			assertThat(failure).isInstanceOf(WorkloadException.class);
			StringWriter trace = new StringWriter();
			failure.printStackTrace(new PrintWriter(trace));
			assertThat(trace.toString()).doesNotContain("PRIVATE").doesNotContain("BEGIN");
		}
	}

	private static void assertFlood(Handler once) throws Exception {
		assertMalformed("floods", (peer) -> {
			peer.request();
			Thread reader = new Thread(() -> {
				try {
					peer.drain();
				}
				catch (IOException ex) {
					// the other side is gone, as it should
				}
			});
			reader.setDaemon(true);
			reader.start();
			while (true) {
				once.handle(peer);
			}
		});
	}

	private static void assertMalformed(String message, Handler handler) throws Exception {
		assertThat(failure(WorkloadFailureReason.PROTOCOL_ERROR, handler)).hasMessageContaining(message)
			.hasMessageNotContaining(SECRET)
			.hasNoCause();
	}

	private static WorkloadException failure(WorkloadFailureReason reason, Handler handler) throws Exception {
		WorkloadException failure = catchThrowableOfType(WorkloadException.class, () -> messages(handler));
		assertThat(failure).isNotNull();
		assertThat(failure.reason()).as(failure.getMessage()).isEqualTo(reason);
		assertThat(failure).hasMessageStartingWith("unix:///");
		return failure;
	}

	private static GrpcStatus.NotOkException status(Handler handler) {
		return catchThrowableOfType(GrpcStatus.NotOkException.class, () -> messages(handler));
	}

	/**
	 * Return the messages of an agent that closes the connection after what it does.
	 */
	private static List<String> messages(Handler handler) throws Exception {
		List<String> messages = new ArrayList<>();
		try (ScriptedAgent agent = new ScriptedAgent(handler); WorkloadCall call = agent.call()) {
			for (byte[] message; (message = call.next(soon())) != null;) {
				messages.add(new String(message, StandardCharsets.UTF_8));
			}
			assertThat(call.next(soon())).isNull();
		}
		return messages;
	}

	private static Deadline soon() {
		return Deadline.in(Patience.LIMIT, Time.ofSystem());
	}

	private static byte[] setting(int name, int value) {
		return ByteBuffer.allocate(6).putShort((short) name).putInt(value).array();
	}

	private static byte[] joined(byte[]... parts) {
		ByteArrayOutputStream joined = new ByteArrayOutputStream();
		for (byte[] part : parts) {
			joined.writeBytes(part);
		}
		return joined.toByteArray();
	}

}
