package dev.psat.spiffe.internal;

import java.io.ByteArrayOutputStream;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Writes DER (ITU-T X.690) as certificate requests need it, and reads what strangers have
 * written, in one pass over its bytes.
 */
public final class Der {

	private static final int INTEGER = 0x02;

	private static final int BIT_STRING = 0x03;

	private static final int OBJECT_IDENTIFIER = 0x06;

	private static final int PRINTABLE_STRING = 0x13;

	private static final int SEQUENCE = 0x30;

	private static final int SET = 0x31;

	private static final byte NO_UNUSED_BITS = 0;

	private static final byte INDEFINITE = (byte) 0x80;

	/** So many octets hold a length that no array has. */
	private static final int MOST_LENGTH_OCTETS = 4;

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

	public static int length(byte[] der, int position) {
		int octets = (position + 1 < der.length) ? Math.max(0, (der[position + 1] & 0xff) - 0x80) : MOST_LENGTH_OCTETS;
		int start = position + 2 + octets;
		if (octets >= MOST_LENGTH_OCTETS || start > der.length) {
			throw new IllegalArgumentException("an element of DER is cut off");
		}
		if (der[position + 1] == INDEFINITE) {
			throw new IllegalArgumentException("an element has an indefinite length, as none of DER has");
		}
		int length = (octets == 0) ? der[position + 1] : new BigInteger(1, der, position + 2, octets).intValue();
		if (length > der.length - start) {
			throw new IllegalArgumentException("an element of DER is cut off");
		}
		return start - position + length;
	}

	public static byte[] contents(byte[] der, int position) {
		int end = position + length(der, position);
		int octets = Math.max(0, (der[position + 1] & 0xff) - 0x80);
		return Arrays.copyOfRange(der, position + 2 + octets, end);
	}

	public static List<byte[]> elements(byte[] der, int most) {
		List<byte[]> elements = new ArrayList<>();
		for (int position = 0; position < der.length && elements.size() <= most;) {
			int end = position + length(der, position);
			elements.add(Arrays.copyOfRange(der, position, end));
			position = end;
		}
		return elements;
	}

}
