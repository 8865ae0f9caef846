package dev.psat.spire.test;

import java.nio.ByteBuffer;

final class DerReader {

	private final ByteBuffer bytes;

	DerReader(byte[] bytes) {
		this.bytes = ByteBuffer.wrap(bytes);
	}

	boolean hasNext() {
		return this.bytes.hasRemaining();
	}

	Element next(int tag) {
		int start = this.bytes.position();
		if (this.bytes.remaining() < 2 || (this.bytes.get() & 0xff) != tag) {
			throw malformed();
		}
		int length = length();
		if (length > this.bytes.remaining()) {
			throw malformed();
		}
		byte[] content = new byte[length];
		this.bytes.get(content);
		byte[] encoded = new byte[this.bytes.position() - start];
		this.bytes.get(start, encoded);
		return new Element(encoded, content);
	}

	private int length() {
		int first = this.bytes.get() & 0xff;
		if (first < 0x80) {
			return first;
		}
		int count = first & 0x7f;
		if (count == 0 || count > 3 || count > this.bytes.remaining()) {
			throw malformed();
		}
		int length = 0;
		for (int i = 0; i < count; i++) {
			length = length << 8 | this.bytes.get() & 0xff;
		}
		return length;
	}

	private static IllegalArgumentException malformed() {
		return new IllegalArgumentException("asn1: structure error");
	}

	record Element(byte[] encoded, byte[] content) {

		DerReader reader() {
			return new DerReader(this.content);
		}

	}

}
