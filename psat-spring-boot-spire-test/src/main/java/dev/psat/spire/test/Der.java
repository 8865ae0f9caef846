package dev.psat.spire.test;

import java.io.ByteArrayOutputStream;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Arrays;

final class Der {

	static final int SEQUENCE = 0x30;

	static final int BIT_STRING = 0x03;

	/** Tag of a primitive attribute or extension, to which its number is added. */
	static final int CONTEXT = 0x80;

	/** Like {@link #CONTEXT}, for constructed elements. */
	static final int CONTEXT_CONSTRUCTED = 0xa0;

	private static final int FIRST_YEAR_OF_GENERALIZED_TIME = 2050;

	private static final DateTimeFormatter UTC_TIME = DateTimeFormatter.ofPattern("yyMMddHHmmss'Z'")
		.withZone(ZoneOffset.UTC);

	private static final DateTimeFormatter GENERALIZED_TIME = DateTimeFormatter.ofPattern("yyyyMMddHHmmss'Z'")
		.withZone(ZoneOffset.UTC);

	private Der() {
	}

	static byte[] sequence(byte[]... elements) {
		return element(SEQUENCE, elements);
	}

	static byte[] set(byte[]... elements) {
		return element(0x31, elements);
	}

	static byte[] bool(boolean value) {
		return element(0x01, new byte[] { (byte) (value ? 0xff : 0x00) });
	}

	static byte[] integer(BigInteger value) {
		return element(0x02, value.toByteArray());
	}

	static byte[] bitString(int unusedBits, byte... bits) {
		return element(BIT_STRING, new byte[] { (byte) unusedBits }, bits);
	}

	static byte[] octetString(byte[] content) {
		return element(0x04, content);
	}

	static byte[] utf8(String text) {
		return element(0x0c, text.getBytes(StandardCharsets.UTF_8));
	}

	static byte[] printable(String text) {
		return element(0x13, text.getBytes(StandardCharsets.US_ASCII));
	}

	static byte[] time(Instant instant) {
		boolean generalized = instant.atZone(ZoneOffset.UTC).getYear() >= FIRST_YEAR_OF_GENERALIZED_TIME;
		String text = (generalized ? GENERALIZED_TIME : UTC_TIME).format(instant);
		return element(generalized ? 0x18 : 0x17, text.getBytes(StandardCharsets.US_ASCII));
	}

	static byte[] oid(String dotted) {
		int[] arcs = Arrays.stream(dotted.split("\\.")).mapToInt(Integer::parseInt).toArray();
		ByteArrayOutputStream content = new ByteArrayOutputStream();
		content.write(arcs[0] * 40 + arcs[1]);
		for (int i = 2; i < arcs.length; i++) {
			writeArc(content, arcs[i]);
		}
		return element(0x06, content.toByteArray());
	}

	private static void writeArc(ByteArrayOutputStream content, int arc) {
		for (int shift = 28; shift > 0; shift -= 7) {
			if (arc >= 1 << shift) {
				content.write(0x80 | (arc >> shift & 0x7f));
			}
		}
		content.write(arc & 0x7f);
	}

	static byte[] element(int tag, byte[]... contents) {
		int length = Arrays.stream(contents).mapToInt((content) -> content.length).sum();
		ByteArrayOutputStream element = new ByteArrayOutputStream();
		element.write(tag);
		if (length < 0x80) {
			element.write(length);
		}
		else {
			byte[] bytes = minimal(length);
			element.write(0x80 | bytes.length);
			element.writeBytes(bytes);
		}
		for (byte[] content : contents) {
			element.writeBytes(content);
		}
		return element.toByteArray();
	}

	private static byte[] minimal(int length) {
		byte[] bytes = BigInteger.valueOf(length).toByteArray();
		return (bytes[0] == 0) ? Arrays.copyOfRange(bytes, 1, bytes.length) : bytes;
	}

}
