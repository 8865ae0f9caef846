package dev.psat.spire.workload.client;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;

import dev.psat.spire.workload.client.HeaderTable.Header;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.DefaultHttp2HeadersEncoder;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.handler.codec.http2.Http2HeadersEncoder;
import io.netty.util.AsciiString;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests for {@link HpackDecoder}, with all examples of RFC 7541, appendix C, and Netty's
 * encoder.
 */
class HpackDecoderTests {

	private static final String CUSTOM = "custom-key: custom-header";

	/** The size of the table in C.5 and C.6, as an update. */
	private static final String SIZE_256 = "3fe101";

	private static final String COOKIE = "foo=ASDJKHQKBZXOQWEOPIUAXQWEOIU; max-age=3600; version=1";

	private final HeaderTable table = new HeaderTable();

	private final HpackDecoder decoder = new HpackDecoder(this.table);

	@Test
	void literalsAsInC2() {
		assertThat(decode("400a 6375 7374 6f6d 2d6b 6579 0d63 7573 746f 6d2d 6865 6164 6572")).containsExactly(CUSTOM);
		assertTable(55, CUSTOM);
		assertThat(decode("040c 2f73 616d 706c 652f 7061 7468")).containsExactly(":path: /sample/path");
		assertThat(decode("1008 7061 7373 776f 7264 0673 6563 7265 74")).containsExactly("password: secret");
		assertTable(55, CUSTOM);
		assertThat(decode("82")).containsExactly(":method: GET");
	}

	@Test
	void requestsAsInC3() {
		assertRequests("8286 8441 0f77 7777 2e65 7861 6d70 6c65 2e63 6f6d", "8286 84be 5808 6e6f 2d63 6163 6865",
				"8287 85bf 400a 6375 7374 6f6d 2d6b 6579 0c63 7573 746f 6d2d 7661 6c75 65");
	}

	@Test
	void requestsAsInC4() {
		assertRequests("8286 8441 8cf1 e3c2 e5f2 3a6b a0ab 90f4 ff", "8286 84be 5886 a8eb 1064 9cbf",
				"8287 85bf 4088 25a8 49e9 5ba9 7d7f 8925 a849 e95b b8e8 b4bf");
	}

	private void assertRequests(String first, String second, String third) {
		assertThat(decode(first)).containsExactly(":method: GET", ":scheme: http", ":path: /",
				":authority: www.example.com");
		assertTable(57, ":authority: www.example.com");
		assertThat(decode(second)).containsExactly(":method: GET", ":scheme: http", ":path: /",
				":authority: www.example.com", "cache-control: no-cache");
		assertTable(110, "cache-control: no-cache", ":authority: www.example.com");
		assertThat(decode(third)).containsExactly(":method: GET", ":scheme: https", ":path: /index.html",
				":authority: www.example.com", "custom-key: custom-value");
		assertTable(164, "custom-key: custom-value", "cache-control: no-cache", ":authority: www.example.com");
	}

	@Test
	void responsesAsInC5() {
		assertResponses("4803 3330 3258 0770 7269 7661 7465 611d 4d6f 6e2c 2032 3120 4f63 7420 3230 3133"
				+ "2032 303a 3133 3a32 3120 474d 546e 1768 7474 7073 3a2f 2f77 7777 2e65 7861" + "6d70 6c65 2e63 6f6d",
				"4803 3330 37c1 c0bf",
				"88c1 611d 4d6f 6e2c 2032 3120 4f63 7420 3230 3133 2032 303a 3133 3a32 3220 474d"
						+ "54c0 5a04 677a 6970 7738 666f 6f3d 4153 444a 4b48 514b 425a 584f 5157 454f"
						+ "5049 5541 5851 5745 4f49 553b 206d 6178 2d61 6765 3d33 3630 303b 2076 6572"
						+ "7369 6f6e 3d31");
	}

	@Test
	void responsesAsInC6() {
		assertResponses(
				"4882 6402 5885 aec3 771a 4b61 96d0 7abe 9410 54d4 44a8 2005 9504 0b81 66e0 82a6"
						+ "2d1b ff6e 919d 29ad 1718 63c7 8f0b 97c8 e9ae 82ae 43d3",
				"4883 640e ffc1 c0bf",
				"88c1 6196 d07a be94 1054 d444 a820 0595 040b 8166 e084 a62d 1bff c05a 839b d9ab"
						+ "77ad 94e7 821d d7f2 e6c7 b335 dfdf cd5b 3960 d5af 2708 7f36 72c1 ab27 0fb5"
						+ "291f 9587 3160 65c0 03ed 4ee5 b106 3d50 07");
	}

	private void assertResponses(String first, String second, String third) {
		String date = "date: Mon, 21 Oct 2013 20:13:21 GMT";
		String location = "location: https://www.example.com";
		assertThat(decode(SIZE_256 + first)).containsExactly(":status: 302", "cache-control: private", date, location);
		assertTable(222, location, date, "cache-control: private", ":status: 302");
		assertThat(decode(second)).containsExactly(":status: 307", "cache-control: private", date, location);
		assertTable(222, ":status: 307", location, date, "cache-control: private");
		String later = "date: Mon, 21 Oct 2013 20:13:22 GMT";
		assertThat(decode(third)).containsExactly(":status: 200", "cache-control: private", later, location,
				"content-encoding: gzip", "set-cookie: " + COOKIE);
		assertTable(215, "set-cookie: " + COOKIE, "content-encoding: gzip", later);
	}

	@Test
	void integersAsInC1() {
		// C.1.1 and C.1.3, as indexes; C.1.2 as a length of a table
		assertThat(decode("8a")).containsExactly(":status: 206");
		assertThat(decode("aa")).containsExactly("if-range: ");
		assertThat(decode("3f9a0a")).isEmpty();
		this.table.add(new Header("x", "y".repeat(1337 - 33)));
		assertThat(this.table.size()).isEqualTo(1337);
		this.table.add(new Header("x", ""));
		assertTable(33, "x: ");
	}

	@Test
	void tableIsResizedAtTheStartOfABlockAlone() {
		decode("400161 0162");
		assertThat(decode("20 3fe11f")).isEmpty();
		assertTable(0);
		decode("400161 0162");
		assertThat(decode("be")).containsExactly("a: b");
		assertRefused("82 20");
	}

	@Test
	void tableIsNotEnlargedBeyondWhatWasOffered() {
		assertThat(decode("3fe11f")).isEmpty();
		assertRefused("3fe21f");
	}

	@Test
	void fieldThatIsLargerThanTheTableLeavesItEmpty() {
		decode("400161 0162");
		assertTable(34, "a: b");
		assertThat(decode("3f03 400161 0162")).containsExactly("a: b");
		assertTable(34, "a: b");
		assertThat(decode("3f02 400161 0162")).containsExactly("a: b");
		assertTable(0);
	}

	@Test
	void fieldMayReferToTheNameOfOneThatItEvicts() {
		decode("3f03 400161 0162");
		assertThat(decode("7e 0163")).containsExactly("a: c");
		assertTable(34, "a: c");
	}

	@ParameterizedTest
	@ValueSource(strings = { "80", "be", "bf", "ff00", "7e 00", "0f30 00", "40", "4001", "400161", "40016101",
			"40016102 62", "82 ff", "ffff ffff ff", "ffff ffff ff0f", "ff80 8080 8000", "3fff ffff ff7f",
			"0001 617f ffff ffff 7f", "7f", "3f", "0f", "1f", "0001 61ff ffff ff7f", "0001 6101" })
	void malformedBlockIsRefused(String block) {
		assertRefused(block);
	}

	@ParameterizedTest
	@ValueSource(strings = {
			// the end of a string, alone and after a character
			"ffff ffff", "1fff ffff ff",
			// padding of more than seven bits, and such that is not of ones
			"1fff", "ff", "18", "00" })
	void malformedHuffmanCodeIsRefused(String code) {
		String octets = code.replace(" ", "");
		assertRefused("000161 8%d %s".formatted(octets.length() / 2, octets));
	}

	@Test
	void everyOctetHasACode() {
		StringBuilder all = new StringBuilder();
		for (char octet = 0; octet < 256; octet++) {
			all.append(octet);
		}
		byte[] encoded = netty(true, new DefaultHttp2Headers(false).add(octets("a"), octets(all.toString())));
		assertThat(this.decoder.decode(encoded)).containsExactly(new Header("a", all.toString()));
	}

	@Test
	void listIsLimited() {
		byte[] block = new byte[6 + 2000 + 2000];
		ByteBuffer.wrap(block).put(HexFormat.of().parseHex("4001617fd10e")).put(new byte[2000]);
		Arrays.fill(block, 2006, 4006, (byte) 0xbe);
		assertThatExceptionOfType(WorkloadCall.MalformedAnswerException.class)
			.isThrownBy(() -> this.decoder.decode(block))
			.withMessageContaining("larger than 65536");
	}

	@RepeatedTest(20)
	void agreesWithNettysEncoder() throws Exception {
		long seed = System.nanoTime();
		Random random = new Random(seed);
		DefaultHttp2HeadersEncoder encoder = new DefaultHttp2HeadersEncoder(Http2HeadersEncoder.NEVER_SENSITIVE,
				random.nextBoolean(), 16, random.nextInt(2) * 512);
		List<Header> known = new ArrayList<>();
		for (int block = 0; block < 40; block++) {
			if (random.nextInt(8) == 0) {
				encoder.configuration().maxHeaderTableSize(random.nextInt(HeaderTable.MAX_SIZE + 1));
			}
			DefaultHttp2Headers headers = new DefaultHttp2Headers(false);
			List<Header> expected = new ArrayList<>();
			for (int i = random.nextInt(12); i >= 0; i--) {
				Header header = (!known.isEmpty() && random.nextBoolean()) ? known.get(random.nextInt(known.size()))
						: header(random, i);
				known.add(header);
				if (expected.stream().noneMatch((other) -> other.name().equals(header.name()))) {
					expected.add(header);
					headers.add(octets(header.name()), octets(header.value()));
				}
			}
			ByteBuf encoded = Unpooled.buffer();
			encoder.encodeHeaders(1, headers, encoded);
			byte[] bytes = new byte[encoded.readableBytes()];
			encoded.readBytes(bytes);
			assertThat(this.decoder.decode(bytes)).as("seed %d, block %d", seed, block)
				.containsExactlyInAnyOrderElementsOf(expected);
		}
	}

	private static Header header(Random random, int i) {
		String[] names = { ":status", "content-type", "grpc-status", "grpc-message", "date", "x" + i };
		StringBuilder value = new StringBuilder();
		for (int length = random.nextInt(60); length > 0; length--) {
			value.append((char) (random.nextInt(10) == 0 ? random.nextInt(256) : 32 + random.nextInt(95)));
		}
		return new Header(names[random.nextInt(names.length)], value.toString());
	}

	@RepeatedTest(20)
	void mutationsAreDecodedOrRefused() {
		long seed = System.nanoTime();
		Random random = new Random(seed);
		byte[] valid = HexFormat.of()
			.parseHex((SIZE_256 + "4882 6402 5885 aec3 771a 4b61 96d0 7abe 9410 54d4 44a8 2005 9504 0b81 66e0 82a6"
					+ "2d1b ff6e 919d 29ad 1718 63c7 8f0b 97c8 e9ae 82ae 43d3 8286 8441 0f77 7777 2e65 7861 6d70 6c65"
					+ "2e63 6f6d c0be")
				.replace(" ", ""));
		for (int i = 0; i < 2000; i++) {
			byte[] mutated = Arrays.copyOf(valid, 1 + random.nextInt(valid.length));
			for (int changes = random.nextInt(4); changes >= 0; changes--) {
				mutated[random.nextInt(mutated.length)] = (byte) random.nextInt(256);
			}
			HeaderTable table = new HeaderTable();
			try {
				int size = new HpackDecoder(table).decode(mutated).stream().mapToInt(Header::size).sum();
				assertThat(size).isLessThanOrEqualTo(HpackDecoder.MAX_LIST_SIZE);
			}
			catch (WorkloadCall.MalformedAnswerException ex) {
				// refused
			}
			assertThat(table.size()).as("seed %d", seed)
				.isBetween(0, HeaderTable.MAX_SIZE)
				.isEqualTo(table.dynamic().stream().mapToInt(Header::size).sum());
		}
	}

	private static byte[] netty(boolean huffman, Http2Headers headers) {
		try {
			ByteBuf encoded = Unpooled.buffer();
			new DefaultHttp2HeadersEncoder(Http2HeadersEncoder.NEVER_SENSITIVE, false, 16, huffman ? 0 : 1 << 20)
				.encodeHeaders(1, headers, encoded);
			byte[] bytes = new byte[encoded.readableBytes()];
			encoded.readBytes(bytes);
			return bytes;
		}
		catch (Exception ex) {
			throw new IllegalStateException(ex);
		}
	}

	private static AsciiString octets(String text) {
		return new AsciiString(text.getBytes(StandardCharsets.ISO_8859_1), false);
	}

	private List<String> decode(String hex) {
		return texts(this.decoder.decode(HexFormat.of().parseHex(hex.replace(" ", ""))));
	}

	private void assertRefused(String hex) {
		assertThatExceptionOfType(WorkloadCall.MalformedAnswerException.class).isThrownBy(() -> decode(hex));
	}

	private void assertTable(int size, String... fields) {
		assertThat(texts(this.table.dynamic())).containsExactly(fields);
		assertThat(this.table.size()).isEqualTo(size);
	}

	private static List<String> texts(List<Header> headers) {
		return headers.stream().map((header) -> header.name() + ": " + header.value()).toList();
	}

}
