package dev.psat.spire.wire.internal;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/**
 * Takes fields in ascending order. Like proto3, it leaves out what has the default value.
 */
public final class MessageWriter {

	private static final int VARINT = 0;

	private static final int LENGTH_DELIMITED = 2;

	private final ByteArrayOutputStream content = new ByteArrayOutputStream();

	public MessageWriter flag(int field, boolean value) {
		if (value) {
			varint(field << 3 | VARINT);
			varint(1);
		}
		return this;
	}

	public MessageWriter bytes(int field, byte[] value) {
		return (value.length > 0) ? element(field, value) : this;
	}

	public MessageWriter text(int field, String value) {
		return bytes(field, value.getBytes(StandardCharsets.UTF_8));
	}

	public MessageWriter texts(int field, Iterable<String> values) {
		values.forEach((value) -> element(field, value.getBytes(StandardCharsets.UTF_8)));
		return this;
	}

	public MessageWriter message(int field, MessageWriter value) {
		return element(field, value.toByteArray());
	}

	private MessageWriter element(int field, byte[] value) {
		varint(field << 3 | LENGTH_DELIMITED);
		varint(value.length);
		this.content.writeBytes(value);
		return this;
	}

	private void varint(int value) {
		int rest = value;
		while (rest >>> 7 != 0) {
			this.content.write(rest & 0x7f | 0x80);
			rest >>>= 7;
		}
		this.content.write(rest);
	}

	public byte[] toByteArray() {
		return this.content.toByteArray();
	}

}
