package dev.psat.spiffe.internal;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Takes DER apart, as far as {@link Der} writes it.
 */
public final class TestDer {

	private TestDer() {
	}

	/**
	 * Return what an element is made of.
	 * @param der the element
	 * @return the elements in it, each with its tag
	 */
	public static List<byte[]> contents(byte[] der) {
		List<byte[]> contents = new ArrayList<>();
		int position = start(der, 0);
		while (position < der.length) {
			int start = start(der, position);
			int end = start + length(der, position, start);
			contents.add(Arrays.copyOfRange(der, position, end));
			position = end;
		}
		if (start(der, 0) + length(der, 0, start(der, 0)) != der.length || position != der.length) {
			throw new IllegalArgumentException("The length is not that of the content");
		}
		return contents;
	}

	/**
	 * Return the bits of a bit string.
	 * @param der the bit string, whose bits are whole bytes
	 * @return the bits
	 */
	public static byte[] bits(byte[] der) {
		return Arrays.copyOfRange(der, start(der, 0) + 1, der.length);
	}

	private static int start(byte[] der, int position) {
		int first = der[position + 1] & 0xff;
		return position + 2 + ((first < 0x80) ? 0 : first - 0x80);
	}

	private static int length(byte[] der, int position, int start) {
		if (start == position + 2) {
			return der[position + 1];
		}
		int length = 0;
		for (int i = position + 2; i < start; i++) {
			length = length << 8 | der[i] & 0xff;
		}
		return length;
	}

}
