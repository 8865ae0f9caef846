package dev.psat.spiffe.internal;

import java.io.ByteArrayOutputStream;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Writes the subset of DER (ITU-T X.690) that certificate requests need.
 */
public final class Der {

	private static final int INTEGER = 0x02;

	private static final int BIT_STRING = 0x03;

	private static final int OBJECT_IDENTIFIER = 0x06;

	private static final int PRINTABLE_STRING = 0x13;

	private static final int SEQUENCE = 0x30;

	private static final int SET = 0x31;

	private static final byte NO_UNUSED_BITS = 0;

	private Der() {
	}

	public static byte[] sequence(byte[]... elements) {
		return element(SEQUENCE, elements);
	}

	public static byte[] set(byte[]... elements) {
		return element(SET, elements);
	}

	public static byte[] integer(BigInteger integer) {
		return element(INTEGER, integer.toByteArray());
	}

	public static byte[] bitString(byte[] bytes) {
		return element(BIT_STRING, new byte[] { NO_UNUSED_BITS }, bytes);
	}

	public static byte[] printableString(String text) {
		return element(PRINTABLE_STRING, text.getBytes(StandardCharsets.US_ASCII));
	}

	/**
	 * Write an object identifier.
	 * @param dotted the identifier, such as {@code 2.5.4.6}
	 * @return its DER
	 */
	public static byte[] objectIdentifier(String dotted) {
		int[] arcs = Arrays.stream(dotted.split("\\.")).mapToInt(Integer::parseInt).toArray();
		ByteArrayOutputStream content = new ByteArrayOutputStream();
		content.write(40 * arcs[0] + arcs[1]);
		for (int i = 2; i < arcs.length; i++) {
			for (int shift = 28; shift > 0; shift -= 7) {
				if (arcs[i] >>> shift != 0) {
					content.write(0x80 | arcs[i] >>> shift);
				}
			}
			content.write(arcs[i] & 0x7f);
		}
		return element(OBJECT_IDENTIFIER, content.toByteArray());
	}

	/**
	 * Write an element.
	 * @param tag the tag with its class
	 * @param contents the contents, in order
	 * @return its DER
	 */
	public static byte[] element(int tag, byte[]... contents) {
		int length = Arrays.stream(contents).mapToInt((content) -> content.length).sum();
		ByteArrayOutputStream der = new ByteArrayOutputStream(length + 6);
		der.write(tag);
		if (length < 0x80) {
			der.write(length);
		}
		else {
			byte[] octets = BigInteger.valueOf(length).toByteArray();
			int start = (octets[0] == 0) ? 1 : 0;
			der.write(0x80 | octets.length - start);
			der.write(octets, start, octets.length - start);
		}
		for (byte[] content : contents) {
			der.writeBytes(content);
		}
		return der.toByteArray();
	}

}
